import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { twinQuery } from '@/api/devices';
import { mayActAs, sessionQuery } from '@/api/session';
import type { Device, Twin } from '@/api/types';
import { Chip } from '@/ui/Chip';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';
import { SigningNote } from '../commands/SigningNote';
import { useDevice } from '../deviceContext';
import css from './Twin.module.css';
import { TwinEditor } from './TwinEditor';
import { kindTexts, stateTexts, type TwinRow, twinRows } from './twinRows';

export function TwinTab() {
  const device = useDevice();
  const { data: session } = useQuery(sessionQuery);
  const twin = useQuery(twinQuery(device.id));
  if (twin.isError) return <ErrorNotice error={twin.error} retry={() => void twin.refetch()} />;
  if (twin.isPending) return <SkeletonLines lines={4} label="Reading the desired state" />;
  return <TwinView device={device} twin={twin.data} mayEdit={mayActAs(session?.user.role, 'operator')} />;
}

export function TwinView({ device, twin, mayEdit }: { device: Device; twin: Twin; mayEdit: boolean }) {
  const [editing, setEditing] = useState(false);
  const allowed = device.allowedCommands.length === 0 || device.allowedCommands.includes('desired-set');
  const rows = twinRows(twin);
  const edit = mayEdit && allowed && !editing
    ? <Button size="xs" onClick={() => setEditing(true)}>{twin.desired === null ? 'Write it' : 'Change it'}</Button>
    : null;
  return (
    <div className={css['parts']}>
      <Panel title="Desired state" aside={<SigningNote />}>
        <div className={css['body']}>
          <Summary twin={twin} />
          {twin.refused ? <Notice tone="warn" title={`The device did not take version ${twin.refused.version}`}>{twin.refused.message}</Notice> : null}
          {rows.length === 0 ? (
            <EmptyState title={twin.desired === null ? 'Nothing is wanted of this device' : 'The desired state is empty'} action={edit}>
              {allowed
                ? 'Say which settings, files, units and program values it is to have. It makes itself so, keeps itself so, and says here what it finds changed.'
                : <>Its owner does not allow it: <code>desired-set</code> is not in <code>Commands:Allow</code> of the device’s configuration.</>}
            </EmptyState>
          ) : edit ? <div>{edit}</div> : null}
          {editing ? <TwinEditor deviceId={device.id} twin={twin} onClose={() => setEditing(false)} /> : null}
        </div>
      </Panel>
      {rows.length > 0 ? (
        <Panel title="Properties" padded={false}>
          <DataTable
            label="Properties" rows={rows}
            columns={[
              { label: 'Property', heads: true, wraps: true, cell: (row) => <Name row={row} /> },
              { label: 'Desired', wraps: true, cell: (row) => <Value text={row.desired} none="not wanted any more" /> },
              { label: 'Reported', wraps: true, cell: (row) => <Reported row={row} /> },
              { label: 'State', wraps: true, cell: (row) => <State row={row} /> },
            ]}
          />
        </Panel>
      ) : null}
    </div>
  );
}

function Summary({ twin }: { twin: Twin }) {
  const { label, tone } = stateTexts[twin.state];
  if (twin.state === 'none') return null;
  return (
    <div className={css['summary']}>
      <Chip tone={tone}>{label}</Chip>
      {twin.desired ? <span>Version {twin.desired.version}, by {twin.desired.createdBy} <Time value={twin.desired.createdAt} /></span> : null}
      {twin.reported ? <span className="quiet">Reported version {twin.reported.version}, <Time value={twin.reported.at} /></span> : <span className="quiet">The device has not reported yet.</span>}
    </div>
  );
}

function Name({ row }: { row: TwinRow }) {
  return (
    <>
      <bdi><strong>{row.name}</strong></bdi>
      <div className="quiet small">{kindTexts[row.kind]}</div>
    </>
  );
}

const Value = ({ text, none }: { text: string | null; none: string }) => (text === null ? <span className="quiet">{none}</span> : <code>{text}</code>);

function Reported({ row }: { row: TwinRow }) {
  if (row.state === null) return <span className="quiet">not yet</span>;
  if (row.reported !== null) return <code>{row.reported}</code>;
  return <span className="quiet">{row.state === 'converged' ? 'the same' : row.kind === 'app' ? 'nothing yet' : 'another'}</span>;
}

function State({ row }: { row: TwinRow }) {
  if (row.state === null) return <Chip tone="accent">On its way</Chip>;
  const { label, tone } = stateTexts[row.state];
  return (
    <>
      <Chip tone={tone}>{label}</Chip>
      {row.detail ? <div className="small">{row.detail}</div> : null}
      {row.until ? <div className="quiet small">At the latest <Time value={row.until} /></div> : null}
      {row.healed > 0 ? <div className="quiet small">Healed {row.healed === 1 ? 'once' : `${row.healed} times`}</div> : null}
    </>
  );
}
