import { Link } from '@tanstack/react-router';
import type { Update } from '@/api/types';
import { type Column, DataTable } from '@/ui/DataTable';
import { Time } from '@/ui/Time';
import { UpdateDetail, UpdateStateChip } from './UpdateStateChip';
import { overdueFirst, releaseText } from './updateText';

type Row = Update & { id: string };

const device: Column<Row> = {
  label: 'Device', heads: true,
  cell: (row) => <Link to="/devices/$deviceId/updates" params={{ deviceId: row.deviceId }}>{row.deviceName ?? row.deviceId.slice(0, 8)}</Link>,
};

const columns: Column<Row>[] = [
  { label: 'Release', wraps: true, cell: (row) => <span title={row.target}>{releaseText(row)}</span> },
  { label: 'State', cell: (row) => <UpdateStateChip update={row} /> },
  { label: 'What it does', wraps: true, cell: (row) => <UpdateDetail update={row} /> },
  { label: 'Deadline', cell: (row) => <Time value={row.deadline} /> },
  { label: 'Since', cell: (row) => <Time value={row.since} /> },
];

/** Of all devices: the overdue first. */
export function UpdateTable({ updates }: { updates: readonly Update[] }) {
  const rows = overdueFirst(updates).map((update) => ({ ...update, id: `${update.deviceId} ${update.commandId}` }));
  return <DataTable label="Updates" rows={rows} columns={[device, ...columns]} />;
}
