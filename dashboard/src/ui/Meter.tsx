import type { CSSProperties } from 'react';
import { formatPercent } from './format/unit';
import css from './Meter.module.css';

/** A share from 0 to 1 as a small bar and a number; undefined where nothing was measured. */
export function Meter({ label, value }: { label: string; value: number | undefined }) {
  if (value === undefined) return <span className={css['none']} title={`${label}: not measured`}>–</span>;
  const share = Math.min(1, Math.max(0, value));
  const level = share >= 0.95 ? css['full'] : share >= 0.8 ? css['high'] : '';
  return (
    <span className={`${css['meter'] ?? ''} ${level ?? ''}`}>
      <span
        role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}
        className={css['track']}
      >
        <span className={css['fill']} style={{ display: 'block', '--share': share } as CSSProperties} />
      </span>
      <span className={css['text']}>{formatPercent(Math.round(value * 100) / 100)}</span>
    </span>
  );
}
