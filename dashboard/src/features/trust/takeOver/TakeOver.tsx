import { useState } from 'react';
import type { RecoveryFile } from '@/trust/recovery/recoveryFile';
import css from '../Trust.module.css';
import { MakeRecovery } from './MakeRecovery';
import { ProveRecovery } from './ProveRecovery';
import { TakeOverIntroduction } from './TakeOverIntroduction';

type Step = { name: 'introduction' } | { name: 'recovery' } | { name: 'proof'; file: RecoveryFile };

interface Props {
  accountId: string;
  onDone: () => void;
  onLater: () => void;
}

/** The way from a fleet that its server owns to one that its owner does. Nothing is changed before the last step. */
export function TakeOver({ accountId, onDone, onLater }: Props) {
  const [step, setStep] = useState<Step>({ name: 'introduction' });
  const at = ['introduction', 'recovery', 'proof'].indexOf(step.name);
  return (
    <div className={css['stack']}>
      <ol className={css['progress']} aria-label={`Step ${at + 1} of 3`}>
        {[0, 1, 2].map((i) => <li key={i} data-done={i <= at} {...(i === at ? { 'aria-current': 'step' as const } : {})} />)}
      </ol>
      {step.name === 'introduction' ? <TakeOverIntroduction onBegin={() => setStep({ name: 'recovery' })} onLater={onLater} /> : null}
      {step.name === 'recovery' ? <MakeRecovery onMade={(file) => setStep({ name: 'proof', file })} onLater={onLater} /> : null}
      {step.name === 'proof' ? (
        <ProveRecovery accountId={accountId} file={step.file} onDone={onDone} onAgain={() => setStep({ name: 'recovery' })} />
      ) : null}
    </div>
  );
}
