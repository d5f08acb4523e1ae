import { Button, Select } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { signChange, signsRosters } from '@/trust/plans/owners';
import { withEnd } from '@/trust/plans/rosterEdits';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import type { BrowserKey } from '@/trust/store/keyStore';
import { Dialog } from '@/ui/Dialog';
import { relativeTime, shortDate } from '@/ui/format/time';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { useNow } from '@/ui/useNow';
import css from '../Trust.module.css';
import { useTrustChange } from '../useTrust';
import { endChoices, endOf } from './ends';

const soon = 30 * 86_400_000;

/** Only when the roster is about to end, or has: then nobody but the server commands. */
export function RosterEndNotice({ trust, browserKey }: { trust: FleetTrust; browserKey: BrowserKey | null }) {
  const now = useNow();
  const [renewing, setRenewing] = useState(false);
  const end = trust.roster.expiresAt;
  if (end === null || end - now > soon) return null;
  const may = browserKey !== null && signsRosters(trust, browserKey.publicKey);
  return (
    <>
      <Notice
        tone="warn" title={end < now ? 'The roster has expired' : `The roster expires ${relativeTime(end, now)}`}
        action={may ? <Button size="xs" variant="default" onClick={() => setRenewing(true)}>Renew it</Button> : null}
      >
        {end < now ? 'Devices take no commands but the server’s own since' : 'From then on devices take no commands but the server’s own:'} {shortDate(end)}.
        {may ? null : ' An owner can renew it here.'}
      </Notice>
      {renewing && browserKey ? <RenewDialog owner={browserKey} onClose={() => setRenewing(false)} /> : null}
    </>
  );
}

function RenewDialog({ owner, onClose }: { owner: BrowserKey; onClose: () => void }) {
  const change = useTrustChange();
  const [end, setEnd] = useState('365');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change.mutate((trust, clock) => signChange(trust, withEnd(trust, endOf(end, clock.now), clock), owner), { onSuccess: onClose });
  };
  return (
    <Dialog title="Renew the roster" opened onClose={onClose}>
      <form onSubmit={submit} className={css['stack']}>
        <p>The same people go on having the same roles. You sign that with your key.</p>
        <Select label="For" data={endChoices} value={end} onChange={(value) => setEnd(value ?? '')} allowDeselect={false} data-autofocus />
        {change.error ? <ErrorNotice error={change.error} /> : null}
        <Button type="submit" loading={change.isPending}>Sign and renew</Button>
      </form>
    </Dialog>
  );
}
