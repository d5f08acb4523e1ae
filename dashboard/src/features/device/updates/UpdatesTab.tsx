import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { mayActAs, sessionQuery } from '@/api/session';
import { componentsQuery, deviceUpdatesQuery } from '@/api/updates';
import type { Component, Device, Update } from '@/api/types';
import { UpdateDetail, UpdateStateChip } from '@/features/updates/UpdateStateChip';
import { UpdateSteps } from '@/features/updates/UpdateSteps';
import { fetchedText, releaseText } from '@/features/updates/updateText';
import css from '@/features/updates/Updates.module.css';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';
import { SigningNote } from '../commands/SigningNote';
import { useDevice } from '../deviceContext';

const AssignDialog = lazy(async () => ({ default: (await import('@/features/updates/AssignDialog')).AssignDialog }));

export function UpdatesTab() {
  const device = useDevice();
  const { data: session } = useQuery(sessionQuery);
  const updates = useQuery(deviceUpdatesQuery(device.id));
  const components = useQuery(componentsQuery(device.id));
  const failed = updates.error ?? components.error;
  if (failed) return <ErrorNotice error={failed} retry={() => { void updates.refetch(); void components.refetch(); }} />;
  if (updates.isPending || components.isPending) return <SkeletonLines lines={5} label="Reading the updates" />;
  return <UpdatesView device={device} updates={updates.data ?? []} components={components.data ?? []} mayAssign={mayActAs(session?.user.role, 'operator')} />;
}

export function UpdatesView({ device, updates, components, mayAssign }: { device: Device; updates: readonly Update[]; components: readonly Component[]; mayAssign: boolean }) {
  const [assigning, setAssigning] = useState(false);
  const allowed = device.allowedCommands.length === 0 || device.allowedCommands.includes('update');
  const open = updates.filter((update) => !update.ended);
  const ended = updates.filter((update) => update.ended);
  const assign = mayAssign && allowed ? <Button size="xs" onClick={() => setAssigning(true)}>Assign an update…</Button> : null;
  return (
    <div className={css['parts']}>
      <Panel title="Under way" aside={<SigningNote />}>
        <div className={css['body']}>
          {open.map((update) => <Current key={update.commandId} update={update} />)}
          {open.length === 0 ? (
            <EmptyState title="No update is under way" action={assign}>
              {allowed
                ? 'A release of the repository is installed by the device itself, in its maintenance window; when it does not work, the device goes back by itself.'
                : <>Its owner does not allow it: <code>update</code> is not in <code>Commands:Allow</code> of the device’s configuration.</>}
            </EmptyState>
          ) : assign ? <div>{assign}</div> : null}
        </div>
      </Panel>
      <Panel title="Components" padded={false}>
        {components.length === 0 ? <EmptyState title="Nothing signed yet">The device signs what it has with its first update.</EmptyState> : (
          <DataTable
            label="Components" rows={components.map((one) => ({ ...one, id: one.name }))}
            columns={[
              { label: 'Component', heads: true, cell: (row) => <strong>{row.name}</strong> },
              { label: 'Version', cell: (row) => <span title={`Counter ${row.counter}, content ${row.sha256}`}>{row.version}</span> },
              { label: 'Kind', cell: (row) => row.kind },
              { label: 'Since', cell: (row) => <Time value={row.since} /> },
            ]}
          />
        )}
      </Panel>
      {ended.length > 0 ? (
        <Panel title="History" padded={false}>
          <DataTable
            label="Ended updates" rows={ended.map((one) => ({ ...one, id: one.commandId }))}
            columns={[
              { label: 'Release', heads: true, wraps: true, cell: (row) => <span title={row.target}>{releaseText(row)}</span> },
              { label: 'End', cell: (row) => <UpdateStateChip update={row} /> },
              { label: 'Why', wraps: true, cell: (row) => <Why update={row} /> },
              { label: 'Signed', cell: (row) => <Signed update={row} /> },
              { label: 'At', cell: (row) => <Time value={row.since} /> },
            ]}
          />
        </Panel>
      ) : null}
      {assigning ? <Suspense><AssignDialog devices={[device]} onClose={() => setAssigning(false)} /></Suspense> : null}
    </div>
  );
}

function Current({ update }: { update: Update }) {
  return (
    <div className={css['body']}>
      <div className={css['head']}>
        <strong title={update.target}>{releaseText(update)}</strong>
        <UpdateStateChip update={update} />
        <span className="quiet small">
          since <Time value={update.since} />{update.deadline === null ? null : <>, until <Time value={update.deadline} /></>}
          {update.createdBy === null ? null : <>, by {update.createdBy}</>}
        </span>
      </div>
      <UpdateSteps update={update} />
      <UpdateDetail update={update} />
    </div>
  );
}

function Why({ update }: { update: Update }) {
  if (update.receipt?.outcome === 'committed') {
    const fetched = fetchedText(update);
    return <span className="quiet">{update.receipt.before === '' ? 'Nothing was known to be there before' : `Was ${update.receipt.before}`}{fetched === '' ? null : `; ${fetched}`}</span>;
  }
  return <UpdateDetail update={update} />;
}

function Signed({ update }: { update: Update }) {
  return update.receipt === null
    ? <span className="quiet" title="The end is what this server knows, not what the device has signed">no receipt</span>
    : <span title={`Signed by the device’s identity key ${update.receipt.key}`}>by the device</span>;
}
