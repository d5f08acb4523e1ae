import type { PolicyRule } from '@/trust/protocol/policy';
import { Chip } from '@/ui/Chip';
import { DataTable } from '@/ui/DataTable';
import { Panel } from '@/ui/Page';
import css from '../Trust.module.css';
import { policyRows } from './policyText';

export function PolicyPanel({ rules }: { rules: readonly PolicyRule[] }) {
  return (
    <Panel title="What devices do, and for whom" padded={false}>
      <DataTable
        label="What devices do, and for whom" rows={policyRows(rules)}
        columns={[
          { label: 'Command', heads: true, cell: (row) => row.what },
          { label: 'Signed by', cell: (row) => row.who },
          { label: 'When', cell: (row) => (row.when === 'any time' ? <span className={css['once']}>{row.when}</span> : row.when) },
          { label: 'Rule of', cell: (row) => (row.byDefault ? <span className={`${css['once'] ?? ''} quiet`}>every fleet</span> : <Chip tone="accent">your owners</Chip>) },
        ]}
      />
    </Panel>
  );
}
