import type { ReactNode } from 'react';
import css from './EmptyState.module.css';

/** Says what is missing and what to do next. */
export function EmptyState({ icon, title, children, action }: { icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={css['empty']}>
      {icon ? <div className={css['mark']}>{icon}</div> : null}
      <div className={css['title']}>{title}</div>
      {children ? <div className={css['text']}>{children}</div> : null}
      {action}
    </div>
  );
}
