import type { ReactNode } from 'react';
import css from './Chip.module.css';

export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'accent' | 'tag';

export function Chip({ tone = 'plain', title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return <span className={`${css['chip'] ?? ''} ${tone === 'plain' ? '' : (css[tone] ?? '')}`} title={title}>{children}</span>;
}
