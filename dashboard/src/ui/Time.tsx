import { exactTime, relativeTime } from './format/time';
import { useNow } from './useNow';

/** A moment as people speak of it; the exact time is its title. */
export function Time({ value, none = 'never', now }: { value: string | null | undefined; none?: string; now?: number }) {
  const own = useNow();
  if (value === null || value === undefined) return <span className="quiet">{none}</span>;
  const time = Date.parse(value);
  return (
    <time dateTime={value} title={exactTime(time)}>
      {relativeTime(time, now ?? own)}
    </time>
  );
}
