import { useEffect, type ReactNode } from 'react';
import css from './Page.module.css';

interface PageProps {
  title: string;
  heading?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, heading, lead, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Messaging`;
  }, [title]);
  return (
    <div className={css['page']}>
      <header className={css['head']}>
        <div>
          <h1 className={css['title']}>{heading ?? title}</h1>
          {lead ? <div className={css['lead']}>{lead}</div> : null}
        </div>
        {actions ? <div className={css['actions']}>{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}

interface PanelProps {
  title?: string;
  aside?: ReactNode;
  padded?: boolean;
  children: ReactNode;
}

export function Panel({ title, aside, padded = true, children }: PanelProps) {
  return (
    <section className={css['panel']} aria-label={title}>
      {title ? (
        <div className={css['panelHead']}>
          <h2 className={css['panelTitle']}>{title}</h2>
          {aside}
        </div>
      ) : null}
      <div className={padded ? css['padded'] : ''}>{children}</div>
    </section>
  );
}
