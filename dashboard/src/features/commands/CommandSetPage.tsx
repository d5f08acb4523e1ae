import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { cancelSet, commandSetMembersQuery, commandSetQuery } from '@/api/commands';
import { keys } from '@/api/keys';
import { mayActAs, sessionQuery } from '@/api/session';
import type { CommandSet, CommandState } from '@/api/types';
import { commandArguments, commandTitle, stateTexts } from '@/features/device/commands/commandText';
import { useLiveEvent, useLiveTopic } from '@/live/useLive';
import { Chip } from '@/ui/Chip';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/Notice';
import { Page, Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';
import css from './Commands.module.css';
import { SetProgress } from './SetProgress';

const order: CommandState[] = ['done', 'failed', 'rejected', 'expired', 'unknown', 'cancelled', 'running', 'accepted', 'sent', 'waiting'];

/** How far a command to many devices is: totals, and each device's result. */
export function CommandSetPage() {
  const { setId } = useParams({ from: '/signed-in/commands/$setId' });
  const queries = useQueryClient();
  const [state, setState] = useState<CommandState | null>(null);
  const ready = useLiveTopic('commands');
  useLiveEvent<{ id: string }>('command-set', ({ id }) => {
    if (id === setId) void queries.invalidateQueries({ queryKey: keys.commandSet(setId) });
  });
  const set = useQuery({ ...commandSetQuery(setId), enabled: ready });
  const { data: session } = useQuery(sessionQuery);
  const cancel = useMutation({
    mutationFn: () => cancelSet(setId),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.commandSets }),
  });
  if (set.isError) return <Page title="Command"><ErrorNotice error={set.error} retry={() => void set.refetch()} /></Page>;
  if (!set.data) return <Page title="Command"><SkeletonLines lines={6} height={44} label="Reading the command" /></Page>;
  const { totals, size } = set.data;
  const title = `${commandTitle(set.data.type)}, ${size.toLocaleString('en-GB')} ${size === 1 ? 'device' : 'devices'}`;
  const args = commandArguments(set.data);
  return (
    <Page
      title={title} lead={<Lead set={set.data} args={args} />}
      actions={totals.waiting > 0 && mayActAs(session?.user.role, 'operator')
        ? <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>Take back for {totals.waiting.toLocaleString('en-GB')} that wait</Button>
        : null}
    >
      {cancel.error ? <ErrorNotice error={cancel.error} /> : null}
      <Panel title={`${totals.ended.toLocaleString('en-GB')} of ${size.toLocaleString('en-GB')} have ended`}>
        <SetProgress set={set.data} />
        <div className={css['totals']} role="group" aria-label="Show only">
          {order.filter((one) => totals[one] > 0).map((one) => (
            <button
              key={one} type="button" className={css['total']} aria-pressed={state === one} title={stateTexts[one].meaning}
              onClick={() => setState(state === one ? null : one)}
            >
              <span className={css['number']}>{totals[one].toLocaleString('en-GB')}</span>
              <span className={css['label']}>{stateTexts[one].label}</span>
            </button>
          ))}
        </div>
      </Panel>
      <Members setId={setId} state={state} />
    </Page>
  );
}

function Lead({ set, args }: { set: CommandSet; args: string }) {
  return (
    <>
      {set.dryRun ? <Chip tone="accent">Dry run</Chip> : null} {args === '' ? null : <><code>{args}</code> · </>}by {set.createdBy},{' '}
      {set.signedBy === null ? 'signed by the server' : <>signed with the key <code title={set.signedBy}>{set.signedBy.slice(0, 8)}</code></>}
      {' · '}<Time value={set.createdAt} />{set.totals.ended < set.size ? <> · expires <Time value={set.expiresAt} /></> : null}
    </>
  );
}

function Members({ setId, state }: { setId: string; state: CommandState | null }) {
  const members = useInfiniteQuery({ ...commandSetMembersQuery(setId, state === null ? [] : [state]), placeholderData: (previous) => previous });
  const rows = members.data?.pages.flatMap((page) => page.items.map((item) => ({ ...item, id: item.deviceId }))) ?? [];
  return (
    <Panel title={state === null ? 'Devices' : `Devices: ${stateTexts[state].label.toLowerCase()}`} padded={false}>
      {members.isError ? <ErrorNotice error={members.error} retry={() => void members.refetch()} /> : null}
      {members.isPending ? <SkeletonLines lines={6} height={40} label="Reading the devices" /> : null}
      {members.isSuccess && rows.length === 0 ? <EmptyState title="None">No device is there at the moment.</EmptyState> : null}
      {rows.length > 0 ? (
        <DataTable
          label="Devices of the command" rows={rows}
          columns={[
            { label: 'Device', heads: true, cell: (row) => <Link to="/devices/$deviceId/commands" params={{ deviceId: row.deviceId }}>{row.deviceName}</Link> },
            { label: 'State', cell: (row) => <Chip tone={stateTexts[row.state].tone} title={stateTexts[row.state].meaning}>{stateTexts[row.state].label}</Chip> },
            {
              label: 'Result', wraps: true,
              cell: (row) => (row.waitingFor ? `Waits for ${row.waitingFor}` : [row.message, row.exitCode === null ? '' : `exit code ${row.exitCode}`].filter((part) => part !== '').join(' · ')),
            },
            { label: 'Ended', cell: (row) => <Time value={row.finishedAt} /> },
          ]}
        />
      ) : null}
      {members.hasNextPage ? (
        <div style={{ padding: 16 }}><Button variant="default" loading={members.isFetchingNextPage} onClick={() => void members.fetchNextPage()}>Show more</Button></div>
      ) : null}
    </Panel>
  );
}
