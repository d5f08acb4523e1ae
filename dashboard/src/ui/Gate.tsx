import { useEffect, type ReactNode } from 'react';
import css from './Gate.module.css';
import { Logo } from './Logo';

/** The page around what is shown to somebody who is not inside yet. */
export function Gate({ title, lead, wide = false, children }: { title: string; lead?: ReactNode; wide?: boolean; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Messaging`;
  }, [title]);
  return (
    <main className={css['gate']}>
      <div className={`${css['card'] ?? ''} ${wide ? (css['wide'] ?? '') : ''}`}>
        <div className={css['brand']}><Logo size={30} />Messaging</div>
        <h1 className={css['title']}>{title}</h1>
        {lead ? <p className={css['lead']}>{lead}</p> : null}
        <div className={css['body']}>{children}</div>
      </div>
    </main>
  );
}
