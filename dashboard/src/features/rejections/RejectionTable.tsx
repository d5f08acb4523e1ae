import type { ReactNode } from 'react';
import type { Rejection } from '@/api/types';
import { Chip, type Tone } from '@/ui/Chip';
import { DataTable, type Column } from '@/ui/DataTable';
import { Time } from '@/ui/Time';
import { rejectionText, type RejectionKind } from './rejectionTexts';

const kinds: Record<RejectionKind, { label: string; tone: Tone; order: number }> = {
  suspicious: { label: 'Suspicious', tone: 'warn', order: 0 },
  fault: { label: 'To be mended', tone: 'accent', order: 1 },
  rules: { label: 'By its rules', tone: 'plain', order: 2 },
  expected: { label: 'Expected', tone: 'plain', order: 3 },
};

const kindOf = (entry: Rejection) => kinds[rejectionText(entry.side, entry.reason)?.kind ?? 'suspicious'];

/** One line for each reason: how often, what it means and what to do. What is suspicious comes first. */
export function RejectionTable<T extends Rejection>({ entries, where }: { entries: readonly T[]; where?: (entry: T) => ReactNode }) {
  const rows = entries.map((entry) => ({ ...entry, id: `${entry.side}/${entry.reason}` }))
    .sort((a, b) => kindOf(a).order - kindOf(b).order || b.count - a.count);
  const columns: Column<T & { id: string }>[] = [
    { label: 'Reason', heads: true, cell: (row) => <Reason entry={row} /> },
    { label: 'Kind', cell: (row) => <Chip tone={kindOf(row).tone}>{kindOf(row).label}</Chip> },
    { label: 'Refused by', cell: (row) => (row.side === 'server' ? 'server' : 'device') },
    ...(where ? [{ label: 'Devices', cell: where }] : []),
    { label: 'Count', cell: (row) => <strong>{row.count.toLocaleString('en-GB')}</strong> },
    { label: 'Last', cell: (row) => <Time value={row.lastAt} none="–" dated /> },
  ];
  return <DataTable label="Rejected records" rows={rows} columns={columns} />;
}

function Reason({ entry }: { entry: Rejection }) {
  const known = rejectionText(entry.side, entry.reason);
  return (
    <>
      <strong>{entry.reason}</strong>
      <div className="small">{known?.meaning ?? 'This dashboard does not know the reason: the server is newer.'}</div>
      {known ? <div className="quiet small">{known.advice}</div> : null}
    </>
  );
}
