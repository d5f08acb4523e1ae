import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { mayActAs, sessionQuery } from '@/api/session';
import { isServersOwn } from '@/trust/plans/rosterEdits';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import { ShieldIcon, WarnIcon } from '@/ui/icons';
import { Panel } from '@/ui/Page';
import { TakeOver } from './takeOver/TakeOver';
import { TakenOver } from './takeOver/TakenOver';
import css from './Trust.module.css';

/** Whose the fleet is, and the way to make it one's own. */
export function OwnershipPanel({ trust }: { trust: FleetTrust }) {
  const { data: session } = useQuery(sessionQuery);
  const [taking, setTaking] = useState(false);
  const [taken, setTaken] = useState(false);
  if (taking && session) {
    return <Panel title="Make this fleet yours"><TakeOver accountId={session.user.id} onDone={() => { setTaking(false); setTaken(true); }} onLater={() => setTaking(false)} /></Panel>;
  }
  return (
    <>
      {taken ? <Panel title="Make this fleet yours"><TakenOver /></Panel> : null}
      <Panel>
        {isServersOwn(trust)
          ? <ServersOwn action={mayActAs(session?.user.role, 'owner') ? <Button onClick={() => setTaking(true)}>Make it yours</Button> : null} />
          : <OwnersOwn trust={trust} />}
      </Panel>
    </>
  );
}

function ServersOwn({ action }: { action: ReactNode }) {
  return (
    <div className={css['owned']}>
      <div className={`${css['seal'] ?? ''} ${css['open'] ?? ''}`}><WarnIcon size={22} /></div>
      <div className={css['stack']}>
        <div className={css['tight']}>
          <div className={css['ownedTitle']}>The server owns this fleet</div>
          <p className="quiet">
            It holds the root key, so whoever steals it, or a backup of it, commands every device, as far as the devices’ own configuration allows.
            {action ? '' : ' An owner can change that here.'}
          </p>
        </div>
        {action ? <div className={css['row']}>{action}</div> : null}
      </div>
    </div>
  );
}

function OwnersOwn({ trust }: { trust: FleetTrust }) {
  const { owner } = trust.root;
  return (
    <div className={css['owned']}>
      <div className={css['seal']}><ShieldIcon size={22} /></div>
      <div className={css['tight']}>
        <div className={css['ownedTitle']}>Its owners own this fleet</div>
        <p className="quiet">
          {owner.threshold === 1 ? 'One' : owner.threshold} of {owner.keys.length} owners’ keys {owner.threshold === 1 ? 'signs' : 'sign'} who may command. Who steals the
          server gets what devices send, and can have them do {trust.roster.rules.length === 0 ? 'no more than be pinged, measure, and measure more or less often' : 'what the policy lets the server do'}.
        </p>
      </div>
    </div>
  );
}
