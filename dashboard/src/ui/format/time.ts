const minute = 60;
const hour = 3600;
const day = 86_400;

/** How long ago, in words that do not change every second: "just now", "40 s ago", "3 min ago", "in 2 h". */
export function relativeTime(time: number, now: number): string {
  const seconds = Math.round((now - time) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) return 'just now';
  const text = size < minute ? `${size} s`
    : size < hour ? `${Math.floor(size / minute)} min`
    : size < day ? `${Math.floor(size / hour)} h`
    : size < 60 * day ? `${Math.floor(size / day)} d`
    : `${Math.floor(size / (30 * day))} months`;
  return seconds > 0 ? `${text} ago` : `in ${text}`;
}

const exact = new Intl.DateTimeFormat(undefined, {
  weekday: 'short', year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short',
});

export function exactTime(time: number): string {
  return exact.format(time);
}

const pad = (value: number, length = 2) => value.toString().padStart(length, '0');

/** Local time of day with milliseconds, for log lines. */
export function clockTime(time: number): string {
  const date = new Date(time);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

/** Local date and minute, sortable by eye. */
export function shortDate(time: number): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}
