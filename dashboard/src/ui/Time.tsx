import { exactTime, relativeTime, shortDate } from './format/time';
import { useNow } from './useNow';

interface Props {
  value: string | null | undefined;
  none?: string;
  now?: number;
  /** Date and minute below it: for what is looked up later. */
  dated?: boolean;
}

/** A moment as people speak of it; the exact time is its title. */
export function Time({ value, none = 'never', now, dated = false }: Props) {
  const own = useNow();
  if (value === null || value === undefined) return <span className="quiet">{none}</span>;
  const time = Date.parse(value);
  return (
    <time dateTime={value} title={exactTime(time)}>
      {relativeTime(time, now ?? own)}
      {dated ? <div className="quiet small">{shortDate(time)}</div> : null}
    </time>
  );
}
