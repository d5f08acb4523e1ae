import css from './Beacon.module.css';
import type { Tone } from './Chip';

/** A state as a dot: filled is good or asks for attention, hollow is quiet. The label says it in words. */
export function Beacon({ tone, label }: { tone: Tone; label: string }) {
  return <span className={`${css['beacon'] ?? ''} ${css[tone] ?? ''}`} role="img" aria-label={label} title={label} />;
}
