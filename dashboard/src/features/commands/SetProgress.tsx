import type { CommandSet } from '@/api/types';
import css from './Commands.module.css';

const parts = [
  ['good', ['done']],
  ['bad', ['failed', 'rejected']],
  ['warn', ['expired', 'unknown', 'cancelled']],
  ['busy', ['accepted', 'running']],
] as const;

/** How far a set is, in one bar: what is not there yet is empty. */
export function SetProgress({ set }: { set: CommandSet }) {
  const percent = (count: number) => (100 * count) / set.size;
  return (
    <div
      className={css['bar']} role="progressbar" aria-label="Devices that have ended" aria-valuemin={0} aria-valuemax={set.size} aria-valuenow={set.totals.ended}
    >
      {parts.map(([tone, states]) => {
        const count = states.reduce((sum, state) => sum + set.totals[state], 0);
        return count > 0 ? <div key={tone} className={css[tone]} style={{ width: `${percent(count)}%` }} title={`${count}`} /> : null;
      })}
    </div>
  );
}
