import type { ReactNode } from 'react';
import { formatNumber } from '@/ui/format/unit';
import css from './Relay.module.css';

export interface NumberRow {
  label: string;
  value: ReactNode;
  sub?: ReactNode;
}

/** Numbers that one takes in at a glance. */
export function Numbers({ rows }: { rows: readonly NumberRow[] }) {
  return (
    <dl className={css['numbers']}>
      {rows.map(({ label, value, sub }) => (
        <div key={label} className={css['number']}>
          <dt>{label}{sub ? <div className={css['sub']}>{sub}</div> : null}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function rateText(rate: number | null): string {
  return rate === null ? '–' : `${formatNumber(rate)}/s`;
}

export function countText(count: number | null): string {
  return count === null ? '–' : count.toLocaleString('en-GB');
}
