import { PasswordInput } from '@mantine/core';
import { useId } from 'react';
import css from './NewPassword.module.css';
import { passwordStrength } from './passwordStrength';

interface Props {
  label?: string;
  username: string;
  /** Characters; the server's limit when it is not said. */
  minimum?: number;
  value: string;
  onChange: (value: string) => void;
}

/** A field for a new password that says how good it is while it is typed. */
export function NewPassword({ label = 'Password', username, minimum, value, onChange }: Props) {
  const hint = useId();
  const strength = passwordStrength(value, username, minimum);
  return (
    <div>
      <PasswordInput
        label={label} required autoComplete="new-password" value={value} aria-describedby={hint}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div className={css['bars']} aria-hidden="true">
        {[1, 2, 3, 4].map((bar) => <div key={bar} className={`${css['bar'] ?? ''} ${bar <= strength.level ? (css[`l${strength.level}`] ?? '') : ''}`} />)}
      </div>
      <div id={hint} className={css['text']} aria-live="polite">
        {strength.label ? <strong>{strength.label}. </strong> : null}{strength.advice}
      </div>
    </div>
  );
}
