import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { mayActAs, sessionQuery } from '@/api/session';
import { keyRequestsQuery } from '@/api/trust';
import { signingRoomQuery } from '@/api/repository';
import type { Repository } from '@/api/types';
import { NoSecureContext } from '@/features/trust/NoSecureContext';
import { useBrowserKey } from '@/features/trust/useTrust';
import { isComplete, isReadable } from '@/repository/draft';
import type { Published } from '@/repository/published';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import { trustQuery } from '@/trust/queries';
import { EmptyState } from '@/ui/EmptyState';
import { LinkButton } from '@/ui/LinkButton';
import { shortDate } from '@/ui/format/time';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { DraftItem } from './DraftItem';
import { PublishBar } from './PublishBar';
import css from './Signing.module.css';

/** What waits for signatures before devices are shown it, and the way to sign it here. */
export function SigningPanel({ repository }: { repository: Repository }) {
  const waits = repository.drafts.length > 0;
  const trust = useQuery({ ...trustQuery, enabled: waits });
  const [published, setPublished] = useState<Published | null>(null);
  if (!waits && repository.state === 'none') return null;
  return (
    <Panel title="Waiting for signatures" padded={false}>
      <div className={css['stack']}>
        {published && !waits ? (
          <Notice tone="good" title="Published">
            Devices are shown root {published.root.file.version} and targets {published.targets.file.version}, {published.targets.targets.size.toLocaleString('en-GB')} in all, until {shortDate(Math.min(published.targets.file.expires, published.root.file.expires))}: verified in this browser.
          </Notice>
        ) : null}
        {waits || published ? null : <EmptyState title="Nothing waits">Everything that was put up is signed and published. A release is added with <code>fleetctl artifact add</code>, and signed here.</EmptyState>}
        {waits && trust.isPending ? <SkeletonLines lines={3} height={40} label="Reading whom devices trust" /> : null}
        {trust.isError ? <ErrorNotice error={trust.error} retry={() => void trust.refetch()} /> : null}
        {waits && trust.data?.kind === 'blind' ? <NoSecureContext /> : null}
        {waits && trust.data?.kind === 'alarm' ? (
          <Notice tone="bad" title="Nothing is signed now" action={<LinkButton to="/trust">To the page Trust</LinkButton>}>
            The server shows a fleet that does not follow the one that this browser knows. Whose a repository is cannot be told before that is clear.
          </Notice>
        ) : null}
        {waits && trust.data?.kind === 'good' ? <Drafts fleet={trust.data.trust} repository={repository} onPublished={setPublished} /> : null}
      </div>
    </Panel>
  );
}

interface DraftsProps {
  fleet: FleetTrust;
  repository: Repository;
  onPublished: (published: Published) => void;
}

function Drafts({ fleet, repository, onPublished }: DraftsProps) {
  const { data: session } = useQuery(sessionQuery);
  const mayOperate = mayActAs(session?.user.role, 'operator');
  const room = useQuery(signingRoomQuery(fleet));
  const browserKey = useBrowserKey(fleet.root.fleetId);
  const requests = useQuery({ ...keyRequestsQuery, enabled: mayOperate });
  if (room.isError) return <ErrorNotice error={room.error} retry={() => void room.refetch()} />;
  if (browserKey.isError) return <ErrorNotice error={browserKey.error} retry={() => void browserKey.refetch()} />;
  if (room.isPending || browserKey.isPending) return <SkeletonLines lines={3} height={40} label="Reading what waits for signatures" />;
  const { drafts, notes } = room.data;
  const own = browserKey.data;
  const book = { fleet, own: own?.publicKey ?? null, requests: requests.data ?? [] };
  const ready = drafts.filter((draft) => isReadable(draft)).filter((draft) => isComplete(draft) && draft.problems.length === 0);
  const missing = repository.drafts.flatMap((draft) => draft.missing);
  return (
    <>
      {notes.map((note) => <Notice key={note} tone="warn" title="Look at this before you sign">{note}</Notice>)}
      {drafts.map((draft) => (isReadable(draft)
        // Of another content it is another draft: nothing that was begun with the one goes on with the other.
        ? <DraftItem key={draft.file.digest} draft={draft} browserKey={own} book={book} mayOperate={mayOperate} />
        : <Notice key={draft.role} tone="bad" title={`The draft of the ${draft.role} is not signed here`}>{draft.why} Nothing of it can be relied on: look at it with <code>fleetctl artifact list</code>, or take it back with <code>fleetctl artifact discard {draft.role}</code>.</Notice>))}
      {missing.length > 0 ? (
        <Notice tone="warn" title={`${missing.length} ${missing.length === 1 ? 'artifact is' : 'artifacts are'} not at the server yet`}>
          It can be signed, and published once they are there: <code>fleetctl artifact add</code> uploads them. {missing.slice(0, 3).join(', ')}{missing.length > 3 ? ' and others' : ''}
        </Notice>
      ) : null}
      {mayOperate && drafts.length > 0 && ready.length === drafts.length ? <PublishBar fleet={fleet} drafts={ready} onPublished={onPublished} /> : null}
    </>
  );
}
