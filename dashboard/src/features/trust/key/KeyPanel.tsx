import { useQuery } from '@tanstack/react-query';
import { mayActAs, sessionQuery } from '@/api/session';
import { findByKey, isServersOwn } from '@/trust/plans/rosterEdits';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import type { BrowserKey } from '@/trust/store/keyStore';
import { Panel } from '@/ui/Page';
import { AskForPlace } from './AskForPlace';
import { KnownKey } from './KnownKey';
import { MakeKey } from './MakeKey';

/** The key of who is signed in, in this browser, and what it is good for. */
export function KeyPanel({ trust, browserKey }: { trust: FleetTrust; browserKey: BrowserKey | null }) {
  const { data: session } = useQuery(sessionQuery);
  // Before there are owners the server signs everything, and viewers command nothing.
  if (!session || isServersOwn(trust) || !mayActAs(session.user.role, 'operator')) return null;
  const principal = browserKey && findByKey(trust.roster, browserKey.publicKey);
  return (
    <Panel title="Your key in this browser">
      {browserKey === null ? <MakeKey fleetId={trust.root.fleetId} accountId={session.user.id} /> : null}
      {browserKey && principal ? <KnownKey browserKey={browserKey} principal={principal} trust={trust} /> : null}
      {browserKey && !principal ? <AskForPlace browserKey={browserKey} user={session.user} /> : null}
    </Panel>
  );
}
