import { Chip } from '@/ui/Chip';
import { DataTable } from '@/ui/DataTable';
import { Notice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { Time } from '@/ui/Time';
import { useDevice } from '../deviceContext';
import { rejectionText } from './rejectionText';

export function SecurityTab() {
  const { rejections } = useDevice();
  const rows = rejections.map((entry) => ({ ...entry, id: `${entry.side}/${entry.reason}` })).sort((a, b) => b.count - a.count);
  if (rows.length === 0) {
    return (
      <Notice tone="good" title="Nothing was rejected">
        Every record and every command was genuine, fresh and meant for its receiver. Anything that was tampered with, replayed or
        sent to the wrong place would change nothing, and would be counted here.
      </Notice>
    );
  }
  return (
    <>
      <Notice tone="warn" title="Something was rejected">
        What stands below changed nothing. A few can come from an interrupted connection; many, or one that goes on, deserve a look.
      </Notice>
      <Panel title="Rejections by reason" padded={false}>
        <DataTable
          label="Rejections" rows={rows}
          columns={[
            { label: 'Reason', cell: (row) => <><strong>{row.reason}</strong><div className="quiet small">{rejectionText(row.reason)}</div></> },
            { label: 'Rejected by', cell: (row) => <Chip>{row.side === 'server' ? 'server' : 'device'}</Chip> },
            { label: 'Count', cell: (row) => row.count.toLocaleString('en-GB') },
            { label: 'Last', cell: (row) => <Time value={row.lastAt} none="–" /> },
          ]}
        />
      </Panel>
    </>
  );
}
