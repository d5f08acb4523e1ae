import { Button, Checkbox, Select } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import type { KeyRequest } from '@/api/types';
import { signChange } from '@/trust/plans/owners';
import { ownerRoles, withPrincipal } from '@/trust/plans/rosterEdits';
import { fromBase64Url, toHex } from '@/trust/protocol/bytes';
import { PublicKey } from '@/trust/protocol/publicKey';
import { Refused } from '@/trust/refused';
import type { BrowserKey } from '@/trust/store/keyStore';
import { Dialog } from '@/ui/Dialog';
import { ErrorNotice } from '@/ui/Notice';
import { Fingerprint } from '../Fingerprint';
import css from '../Trust.module.css';
import { useTrustChange } from '../useTrust';
import { endChoices, endOf } from './ends';

const roleChoices = [
  { value: 'operator', label: 'Operator: restart, reboot, run scripts' },
  { value: 'owner', label: 'Owner: also change devices’ keys' },
];

/** The owner signs for the key that the asker sees, not for the one that the server shows: so both are compared first. */
export function AcceptDialog({ request, owner, onClose }: { request: KeyRequest; owner: BrowserKey; onClose: () => void }) {
  const change = useTrustChange();
  const [role, setRole] = useState<string>(request.role);
  const [end, setEnd] = useState('');
  const [compared, setCompared] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change.mutate(async (trust, clock) => {
      const key = await shownKey(request);
      return signChange(trust, await withPrincipal(trust, key, role === 'owner' ? ownerRoles : ['operator'], endOf(end, clock.now), clock), owner);
    }, { onSuccess: onClose });
  };
  return (
    <Dialog title={`Let ${request.account} in`} opened onClose={onClose}>
      <form onSubmit={submit} className={css['stack']}>
        <p>Have {request.account} read the fingerprint to you from the page Trust, by telephone or beside you. It must be this one:</p>
        <Fingerprint value={request.fingerprint} label={`Fingerprint of ${request.account}’s key`} />
        <Checkbox
          label="I compared it, and it is the same" checked={compared} data-autofocus onChange={(event) => setCompared(event.currentTarget.checked)}
        />
        <Select label="May command as" data={roleChoices} value={role} onChange={(value) => setRole(value ?? 'operator')} allowDeselect={false} />
        <Select label="Until" data={endChoices} value={end} onChange={(value) => setEnd(value ?? '')} allowDeselect={false} />
        {change.error ? <ErrorNotice error={change.error} /> : null}
        <div className={css['end']}>
          <Button variant="default" onClick={onClose}>Not now</Button>
          <Button type="submit" loading={change.isPending} disabled={!compared}>Sign and let in</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The fingerprint that was compared decides, not the server’s word for which key it is of. */
async function shownKey(request: KeyRequest): Promise<PublicKey> {
  const point = fromBase64Url(request.key);
  const key = point && PublicKey.read(point);
  if (!key || toHex(await key.fingerprint()) !== request.fingerprint) {
    throw new Refused('The key that the server shows does not have the fingerprint that it shows with it. Do not let it in: the server pretends.');
  }
  return key;
}
