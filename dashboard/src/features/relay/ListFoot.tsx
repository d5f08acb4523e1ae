import { Button } from '@mantine/core';
import css from './Relay.module.css';
import { countText } from './Numbers';

/** The server gives no more of a list that moves all the time. */
export const mostRows = 200;
export const firstRows = 50;

/** How much of a list is shown, and how to see the rest. */
export function ListFoot({ shown, total, limit, onMore }: { shown: number; total: number; limit: number; onMore: () => void }) {
  if (total <= shown) return null;
  return (
    <div className={css['more']}>
      {limit < mostRows ? <Button variant="default" size="xs" onClick={onMore}>Show more</Button> : null}
      <span className="quiet small">
        These are the first {countText(shown)} of {countText(total)}.{limit < mostRows ? '' : ' Narrow the list by a text, or read it by the API.'}
      </span>
    </div>
  );
}
