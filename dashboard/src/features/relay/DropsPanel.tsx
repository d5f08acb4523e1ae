import type { RelayActivity } from '@/api/types';
import { Chip } from '@/ui/Chip';
import { DataTable } from '@/ui/DataTable';
import { formatDuration } from '@/ui/format/unit';
import { Notice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { dropsOf, type Drop } from './drops';
import css from './Relay.module.css';

/** What was dropped, refused or cut off, why, and what to do. */
export function DropsPanel({ activity }: { activity: RelayActivity }) {
  const drops = dropsOf(activity);
  if (drops.length === 0) return <Notice tone="good" title="Nothing was dropped, refused or cut off since the relay started" />;
  const span = activity.recentSeconds > 0 ? `Last ${formatDuration(Math.round(activity.recentSeconds))}` : 'Just now';
  return (
    <Panel title="Dropped, refused and cut off" padded={false}>
      <DataTable<Drop>
        label="Drops of the relay" rows={drops}
        columns={[
          {
            label: 'What', heads: true,
            cell: (row) => (
              <>
                <div className={css['what']}><strong>{row.name}</strong><Chip tone={row.part === 'Legacy' ? 'warn' : 'plain'}>{row.part}</Chip></div>
                <div className="quiet small">{row.meaning}</div>
              </>
            ),
          },
          { label: span, cell: (row) => <span className={css['figure']}>{row.recent > 0 ? <strong>{row.recent.toLocaleString('en-GB')}</strong> : '–'}</span> },
          { label: 'Since the start', cell: (row) => <span className={css['figure']}>{row.total.toLocaleString('en-GB')}</span> },
        ]}
      />
    </Panel>
  );
}
