import type { ReactNode } from 'react';
import { Notice } from '@/ui/Notice';
import css from '../Trust.module.css';

/** Said only after the server has answered that it is so. */
export function TakenOver({ children }: { children?: ReactNode }) {
  return (
    <div className={css['stack']}>
      <Notice tone="good" title="The fleet is yours">
        The server has deleted its root key. Devices that are connected know already, others when they come.
      </Notice>
      <p>
        Put the recovery file away, and a second copy elsewhere. Without it, and without this browser, nobody could change who commands the fleet:
        every device would have to be enrolled again.
      </p>
      {children}
    </div>
  );
}
