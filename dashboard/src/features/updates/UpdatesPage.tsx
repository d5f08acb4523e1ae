import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '@/api/keys';
import { mayActAs, sessionQuery } from '@/api/session';
import { repositoryQuery, updatesQuery, updateTotalsQuery } from '@/api/updates';
import type { UpdateState, UpdateTotals } from '@/api/types';
import commandCss from '@/features/commands/Commands.module.css';
import { useLiveEvent, useLiveTopic } from '@/live/useLive';
import { EmptyState } from '@/ui/EmptyState';
import { LinkButton } from '@/ui/LinkButton';
import { ErrorNotice } from '@/ui/Notice';
import { Page, Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { RepositoryPanel } from './RepositoryPanel';
import { SigningPanel } from './signing/SigningPanel';
import { UpdateTable } from './UpdateTable';
import { underWay, updateStates } from './updateText';
import css from './Updates.module.css';

type Choice = UpdateState | 'under-way' | 'overdue';

/** Releases, and how far devices are with them. */
export function UpdatesPage() {
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const [choice, setChoice] = useState<Choice>('under-way');
  const ready = useLiveTopic('commands');
  useLiveEvent('updates', () => void queries.invalidateQueries({ queryKey: keys.updates }));
  const repository = useQuery(repositoryQuery);
  const totals = useQuery({ ...updateTotalsQuery, enabled: ready });
  const filter = choice === 'under-way' ? { state: underWay.join(',') } : choice === 'overdue' ? { overdue: true } : { state: choice };
  const updates = useInfiniteQuery({ ...updatesQuery(filter), enabled: ready, placeholderData: (previous) => previous });
  const rows = updates.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title="Updates" lead="Releases that the owners have signed, and how far devices are with them. Only what a device has signed counts as installed.">
      <Panel title="How far devices are" padded={false}>
        {totals.isError ? <ErrorNotice error={totals.error} retry={() => void totals.refetch()} /> : null}
        {totals.data && totals.data.total > 0 ? <Totals totals={totals.data} choice={choice} onChoose={setChoice} /> : null}
        {updates.isError ? <ErrorNotice error={updates.error} retry={() => void updates.refetch()} /> : null}
        {updates.isPending ? <div style={{ padding: 16 }}><SkeletonLines lines={4} height={44} label="Reading the updates" /></div> : null}
        {updates.isSuccess && rows.length === 0 ? (
          totals.data?.total === 0
            ? <EmptyState title="No update was assigned yet" action={<LinkButton to="/devices">To the devices</LinkButton>}>Assign a release below to all devices, or to one on its page under Updates.</EmptyState>
            : <EmptyState title="None">No update is in this state at the moment.</EmptyState>
        ) : null}
        {rows.length > 0 ? <UpdateTable updates={rows} /> : null}
        {updates.hasNextPage ? <div style={{ padding: 16 }}><Button variant="default" loading={updates.isFetchingNextPage} onClick={() => void updates.fetchNextPage()}>Show more</Button></div> : null}
      </Panel>
      {repository.data ? <SigningPanel repository={repository.data} /> : null}
      <RepositoryPanel mayAssign={mayActAs(session?.user.role, 'operator')} />
    </Page>
  );
}

function Totals({ totals, choice, onChoose }: { totals: UpdateTotals; choice: Choice; onChoose: (choice: Choice) => void }) {
  const open = underWay.reduce((sum, state) => sum + (totals.states[state] ?? 0), 0);
  const all: [Choice, string, number, string][] = [
    ['under-way', 'Under way', open, 'Those that have not ended'],
    ...(totals.overdue > 0 ? [['overdue', 'Overdue', totals.overdue, 'Their deadline has passed, and nothing was heard since'] satisfies [Choice, string, number, string]] : []),
    ...(Object.keys(updateStates) as UpdateState[]).filter((state) => (totals.states[state] ?? 0) > 0)
      .map((state): [Choice, string, number, string] => [state, updateStates[state].label, totals.states[state] ?? 0, updateStates[state].meaning]),
  ];
  return (
    <div className={css['filters']} role="group" aria-label="Show only">
      {all.map(([one, label, count, meaning]) => (
        <button key={one} type="button" className={commandCss['total']} aria-pressed={choice === one} title={meaning} onClick={() => onChoose(one)}>
          <span className={commandCss['number']}>{count.toLocaleString('en-GB')}</span>
          <span className={commandCss['label']}>{label}</span>
        </button>
      ))}
    </div>
  );
}
