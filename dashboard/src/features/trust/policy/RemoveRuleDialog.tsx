import { Button } from '@mantine/core';
import { signChange } from '@/trust/plans/owners';
import { withoutRule } from '@/trust/plans/policyEdits';
import type { PolicyRule } from '@/trust/protocol/policy';
import type { BrowserKey } from '@/trust/store/keyStore';
import { Dialog } from '@/ui/Dialog';
import { ErrorNotice } from '@/ui/Notice';
import css from '../Trust.module.css';
import { useTrustChange } from '../useTrust';
import type { PolicyRow } from './policyText';

interface Props {
  rule: PolicyRule;
  row: PolicyRow;
  owner: BrowserKey;
  onClose: () => void;
}

export function RemoveRuleDialog({ rule, row, owner, onClose }: Props) {
  const change = useTrustChange();
  const remove = () => change.mutate((trust, clock) => signChange(trust, withoutRule(trust, row.index, rule, clock), owner), { onSuccess: onClose });
  return (
    <Dialog title="Remove the rule" opened onClose={onClose}>
      <div className={css['stack']}>
        <p><strong>{row.what}</strong>: {row.who}, {row.when}.</p>
        <p>Without it the next rule about the same commands decides, or what holds for every fleet. You sign that with your key.</p>
        {change.error ? <ErrorNotice error={change.error} /> : null}
        <div className={css['end']}>
          <Button variant="default" onClick={onClose} data-autofocus>Keep it</Button>
          <Button color="red" loading={change.isPending} onClick={remove}>Sign and remove</Button>
        </div>
      </div>
    </Dialog>
  );
}
