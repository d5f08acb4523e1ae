import type { Update } from '@/api/types';
import { steps, updateStates } from './updateText';
import css from './Updates.module.css';

/** The way of an update, with what it has behind it and where it is. */
export function UpdateSteps({ update }: { update: Update }) {
  const late = update.silentSince === null ? '' : (css['late'] ?? '');
  return (
    <ol className={css['steps']} aria-label="How far it is">
      {steps(update).map(({ state, at }) => (
        <li
          key={state} className={`${css['step'] ?? ''} ${at === 'ahead' ? '' : `${css[at] ?? ''} ${at === 'now' ? late : ''}`}`} title={updateStates[state].meaning}
          {...(at === 'now' ? { 'aria-current': 'step' as const } : {})}
        >
          {updateStates[state].label}
        </li>
      ))}
    </ol>
  );
}
