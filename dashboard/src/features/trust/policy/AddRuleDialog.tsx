import { Button, Checkbox, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { commandTitle, knownTypes } from '@/features/device/commands/commandText';
import { signChange } from '@/trust/plans/owners';
import { signersOf, withRule } from '@/trust/plans/policyEdits';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import { anyType } from '@/trust/protocol/policy';
import type { BrowserKey } from '@/trust/store/keyStore';
import { Dialog } from '@/ui/Dialog';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { useNow } from '@/ui/useNow';
import css from '../Trust.module.css';
import { useTrustChange } from '../useTrust';
import { emptyRule, mayRecord, readRule, rolesOf, whoChoices } from './ruleForm';

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const mostSignatures = 8;

interface Props {
  trust: FleetTrust;
  owner: BrowserKey;
  onClose: () => void;
}

/** One window is what people need; a rule with several is made by fleetctl. */
export function AddRuleDialog({ trust, owner, onClose }: Props) {
  const change = useTrustChange();
  const now = useNow();
  const [form, setForm] = useState(emptyRule);
  const [problem, setProblem] = useState<string | null>(null);
  const set = (more: Partial<typeof emptyRule>) => {
    setForm({ ...form, ...more });
    setProblem(null);
  };
  const nobody = form.who === 'nobody';
  const signers = signersOf(trust, { roles: rolesOf(form.who) }, now);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const rule = readRule(form);
    if (typeof rule === 'string') setProblem(rule);
    else change.mutate((newest, clock) => signChange(newest, withRule(newest, rule, clock), owner), { onSuccess: onClose });
  };
  return (
    <Dialog title="A rule for your devices" opened onClose={onClose}>
      <form onSubmit={submit} className={css['stack']}>
        <p>Devices keep it, whatever their server says. It decides before all rules that stand there now. You sign it with your key.</p>
        <Checkbox.Group label="Commands" value={[...form.types]} onChange={(types) => set({ types })}>
          <div className={css['types']}>
            {[...knownTypes, anyType].map((type, i) => (
              <Checkbox
                key={type} value={type} label={type === anyType ? 'Every command' : commandTitle(type)} data-autofocus={i === 0 || undefined}
                disabled={type !== anyType && form.types.includes(anyType)}
              />
            ))}
          </div>
        </Checkbox.Group>
        <Select label="Signed by" data={whoChoices.map(({ value, label }) => ({ value, label }))} value={form.who} onChange={(who) => set({ who: who ?? 'people' })} allowDeselect={false} />
        {nobody ? null : (
          <>
            <NumberInput
              label="How many must sign" description={`Your roster names ${signers} who could.`} min={1} max={mostSignatures} clampBehavior="strict" allowDecimal={false}
              value={form.signatures} onChange={(signatures) => set({ signatures })} required
            />
            <Checkbox label="Only in a maintenance window" checked={form.hasWindow} onChange={(event) => set({ hasWindow: event.currentTarget.checked })} />
          </>
        )}
        {form.hasWindow && !nobody ? (
          <>
            <Checkbox.Group label="Days" value={[...form.days]} onChange={(days) => set({ days })}>
              <div className={css['days']}>{dayNames.map((name, day) => <Checkbox key={name} value={String(day)} label={name} />)}</div>
            </Checkbox.Group>
            <div className={css['times']}>
              <TextInput type="time" label="From (UTC)" value={form.from} onChange={(event) => set({ from: event.currentTarget.value })} />
              <TextInput type="time" label="To (UTC)" description={form.to <= form.from ? 'On the next day' : undefined} value={form.to} onChange={(event) => set({ to: event.currentTarget.value })} />
            </div>
          </>
        ) : null}
        {mayRecord(form) ? (
          <Textarea
            label="Record shells for" description="Keys that fleetctl recordings key has made, a line each: who has one can read what shells show. Empty: they are not recorded."
            placeholder="mrk1.…" autosize minRows={1} maxRows={8} value={form.record} onChange={(event) => set({ record: event.currentTarget.value })}
          />
        ) : null}
        {problem ? <Notice tone="bad" title={problem} /> : null}
        {change.error ? <ErrorNotice error={change.error} /> : null}
        <div className={css['end']}>
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={change.isPending}>Sign and set</Button>
        </div>
      </form>
    </Dialog>
  );
}
