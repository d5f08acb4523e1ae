import { Button } from '@mantine/core';
import { useState } from 'react';
import { signsRosters } from '@/trust/plans/owners';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import type { BrowserKey } from '@/trust/store/keyStore';
import { Chip } from '@/ui/Chip';
import { DataTable } from '@/ui/DataTable';
import { Panel } from '@/ui/Page';
import css from '../Trust.module.css';
import { AddRuleDialog } from './AddRuleDialog';
import { type PolicyRow, policyRows } from './policyText';
import { RemoveRuleDialog } from './RemoveRuleDialog';

/** What devices do, and for whom: whoever signs rosters changes it. */
export function PolicyPanel({ trust, browserKey }: { trust: FleetTrust; browserKey: BrowserKey | null }) {
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<PolicyRow | null>(null);
  const { rules } = trust.roster;
  const owner = browserKey !== null && signsRosters(trust, browserKey.publicKey) ? browserKey : null;
  const rule = removing ? rules[removing.index] : undefined;
  return (
    <Panel
      title="What devices do, and for whom" padded={false}
      aside={owner ? <Button size="compact-sm" variant="default" onClick={() => setAdding(true)}>Add a rule…</Button> : null}
    >
      <DataTable
        label="What devices do, and for whom" rows={policyRows(rules)}
        columns={[
          { label: 'Command', heads: true, cell: (row) => row.what },
          { label: 'Signed by', cell: (row) => row.who },
          { label: 'When', cell: (row) => (row.when === 'any time' ? <span className={css['once']}>{row.when}</span> : row.when) },
          { label: 'Rule of', cell: (row) => (row.byDefault ? <span className={`${css['once'] ?? ''} quiet`}>every fleet</span> : <Chip tone="accent">your owners</Chip>) },
          {
            label: '', cell: (row) => (owner && !row.byDefault
              ? <Button size="compact-sm" variant="default" aria-label={`Remove the rule about ${row.what}`} onClick={() => setRemoving(row)}>Remove</Button>
              : null),
          },
        ]}
      />
      {adding && owner ? <AddRuleDialog trust={trust} owner={owner} onClose={() => setAdding(false)} /> : null}
      {removing && rule && owner ? <RemoveRuleDialog rule={rule} row={removing} owner={owner} onClose={() => setRemoving(null)} /> : null}
    </Panel>
  );
}
