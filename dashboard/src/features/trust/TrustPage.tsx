import { useQuery } from '@tanstack/react-query';
import { mayActAs, sessionQuery } from '@/api/session';
import { type GoodTrust, trustQuery } from '@/trust/queries';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { Page } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { AlarmNotice } from './AlarmNotice';
import { DocumentsPanel } from './DocumentsPanel';
import { KeyPanel } from './key/KeyPanel';
import { NoSecureContext } from './NoSecureContext';
import { OwnershipPanel } from './OwnershipPanel';
import { PeoplePanel } from './people/PeoplePanel';
import { RequestsPanel } from './people/RequestsPanel';
import { RosterEndNotice } from './people/RosterEndNotice';
import { PolicyPanel } from './policy/PolicyPanel';
import { useBrowserKey } from './useTrust';

export function TrustPage() {
  const trust = useQuery({ ...trustQuery, refetchOnMount: 'always' });
  return (
    <Page title="Trust" lead="Who owns this fleet, and whose commands its devices heed. Verified in this browser, as devices do it.">
      {trust.isPending ? <SkeletonLines lines={4} height={72} label="Reading whom devices trust" /> : null}
      {trust.isError ? <ErrorNotice error={trust.error} retry={() => void trust.refetch()} /> : null}
      {trust.data?.kind === 'blind' ? <NoSecureContext /> : null}
      {trust.data?.kind === 'alarm' ? <AlarmNotice state={trust.data} /> : null}
      {trust.data?.kind === 'good' ? <Trusted state={trust.data} /> : null}
    </Page>
  );
}

function Trusted({ state }: { state: GoodTrust }) {
  const { data: session } = useQuery(sessionQuery);
  const { trust } = state;
  const browserKey = useBrowserKey(trust.root.fleetId);
  if (browserKey.isPending) return <SkeletonLines lines={4} height={72} label="Reading your key" />;
  if (browserKey.isError) return <ErrorNotice error={browserKey.error} retry={() => void browserKey.refetch()} />;
  const key = browserKey.data;
  return (
    <>
      {state.older ? (
        <Notice tone="warn" title="The server shows less than this browser has seen">
          It was restored from a backup, or holds something back. What is newer counts here; any change that an owner signs brings it to the server again.
        </Notice>
      ) : null}
      <RosterEndNotice trust={trust} browserKey={key} />
      <OwnershipPanel trust={trust} />
      {mayActAs(session?.user.role, 'owner') ? <RequestsPanel trust={trust} browserKey={key} /> : null}
      <KeyPanel trust={trust} browserKey={key} />
      <PeoplePanel trust={trust} browserKey={key} />
      <PolicyPanel trust={trust} browserKey={key} />
      <DocumentsPanel state={state} />
    </>
  );
}
