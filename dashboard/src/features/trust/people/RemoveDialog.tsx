import { Button } from '@mantine/core';
import { signChange } from '@/trust/plans/owners';
import { withoutPrincipal } from '@/trust/plans/rosterEdits';
import type { Principal } from '@/trust/protocol/roster';
import type { BrowserKey } from '@/trust/store/keyStore';
import { Dialog } from '@/ui/Dialog';
import { ErrorNotice, Notice } from '@/ui/Notice';
import css from '../Trust.module.css';
import { useTrustChange } from '../useTrust';

interface Props {
  principal: Principal;
  name: string;
  signsRosters: boolean;
  owner: BrowserKey;
  onClose: () => void;
}

export function RemoveDialog({ principal, name, signsRosters, owner, onClose }: Props) {
  const change = useTrustChange();
  const remove = () => change.mutate(
    (trust, clock) => signChange(trust, withoutPrincipal(trust, principal.id, clock), owner), { onSuccess: onClose },
  );
  return (
    <Dialog title={`Remove ${name}`} opened onClose={onClose}>
      <div className={css['stack']}>
        <p>Devices refuse commands of this key as soon as they hear of it: those that are connected at once, others when they come. You sign that with your key.</p>
        {signsRosters ? (
          <Notice tone="warn" title="It goes on signing rosters">
            Who may sign rosters stands in the root, and this key does. To take that away as well, use the recovery key: <code>fleetctl root owners --remove</code>
          </Notice>
        ) : null}
        {change.error ? <ErrorNotice error={change.error} /> : null}
        <div className={css['end']}>
          <Button variant="default" onClick={onClose} data-autofocus>Keep it</Button>
          <Button color="red" loading={change.isPending} onClick={remove}>Sign and remove</Button>
        </div>
      </div>
    </Dialog>
  );
}
