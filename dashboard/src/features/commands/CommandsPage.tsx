import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { commandSetsQuery, proposalsQuery } from '@/api/commands';
import { keys } from '@/api/keys';
import { commandArguments, commandTitle } from '@/features/device/commands/commandText';
import { useLiveEvent, useLiveTopic } from '@/live/useLive';
import { Chip } from '@/ui/Chip';
import { EmptyState } from '@/ui/EmptyState';
import { LinkButton } from '@/ui/LinkButton';
import { ErrorNotice } from '@/ui/Notice';
import { Page, Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';
import css from './Commands.module.css';
import { ProposalItem } from './ProposalItem';
import { SetProgress } from './SetProgress';

/** Commands to many devices, and what waits for signatures. */
export function CommandsPage() {
  const queries = useQueryClient();
  const ready = useLiveTopic('commands');
  useLiveEvent('command-set', () => void queries.invalidateQueries({ queryKey: keys.commandSets }));
  const sets = useQuery({ ...commandSetsQuery, enabled: ready });
  const proposals = useQuery({ ...proposalsQuery, enabled: ready });
  const open = proposals.data?.filter(({ state }) => state === 'open') ?? [];
  return (
    <Page title="Commands" lead="Commands to many devices by one signature, and those that several must sign.">
      {proposals.isError ? <ErrorNotice error={proposals.error} retry={() => void proposals.refetch()} /> : null}
      {open.length > 0 ? (
        <Panel title="Waiting for signatures" padded={false}>
          {open.map((proposal) => <ProposalItem key={proposal.id} proposal={proposal} />)}
        </Panel>
      ) : null}
      <Panel title="To many devices" padded={false}>
        {sets.isError ? <ErrorNotice error={sets.error} retry={() => void sets.refetch()} /> : null}
        {sets.isPending ? <div style={{ padding: 16 }}><SkeletonLines lines={4} height={48} label="Reading the commands" /></div> : null}
        {sets.data?.length === 0 ? (
          <EmptyState title="No command went to many devices yet" action={<LinkButton to="/devices">To the devices</LinkButton>}>
            Choose some in the list of devices, or all that match, and command them at once.
          </EmptyState>
        ) : null}
        {sets.data?.map((set) => (
          <div key={set.id} className={css['item']}>
            <div className={css['head']}>
              <Link to="/commands/$setId" params={{ setId: set.id }}><strong>{commandTitle(set.type)}</strong></Link>
              <code>{commandArguments(set)}</code>
              {set.dryRun ? <Chip tone="accent">Dry run</Chip> : null}
              {set.totals.failed + set.totals.rejected > 0 ? <Chip tone="bad">{set.totals.failed + set.totals.rejected} failed</Chip> : null}
              <span className={css['aside']}><Time value={set.createdAt} /></span>
            </div>
            <div className={css['sub']}>
              {set.totals.done.toLocaleString('en-GB')} done, {set.totals.ended.toLocaleString('en-GB')} of {set.size.toLocaleString('en-GB')} ended · by {set.createdBy}
            </div>
            <div style={{ marginTop: 8, marginBottom: -14 }}><SetProgress set={set} /></div>
          </div>
        ))}
      </Panel>
    </Page>
  );
}
