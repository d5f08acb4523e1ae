import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { auditQuery } from '@/api/administration';
import type { AuditEntry, AuditFilter } from '@/api/types';
import { useLiveTopic } from '@/live/useLive';
import { AuditFilters } from './AuditFilters';
import { AuditTarget } from './AuditTarget';
import { ChainPanel } from './ChainPanel';
import { Findings } from './Findings';
import { FleetRejections } from '@/features/rejections/FleetRejections';
import { Allowed } from '@/app/Allowed';
import { Chip } from '@/ui/Chip';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { BookIcon } from '@/ui/icons';
import { ErrorNotice } from '@/ui/Notice';
import { Page, Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';

export function AuditPage() {
  return <Allowed role="owner"><Entries /></Allowed>;
}

function Entries() {
  const ready = useLiveTopic('audit');
  const [filter, setFilter] = useState<AuditFilter>({});
  const audit = useInfiniteQuery({ ...auditQuery(filter), enabled: ready });
  const entries = audit.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  return (
    <Page title="Audit log" lead="What does not agree, what was rejected, and every change: who made it and when, newest first.">
      {audit.isError ? <ErrorNotice error={audit.error} retry={() => void audit.refetch()} /> : null}
      <Findings ready={ready} />
      <ChainPanel ready={ready} />
      <FleetRejections />
      <Panel title="Changes" padded={false}>
        <AuditFilters onChange={setFilter} />
        {audit.isPending ? <SkeletonLines lines={8} label="Reading the audit log" /> : null}
        {audit.isSuccess && entries.length === 0 ? (
          <EmptyState icon={<BookIcon size={34} />} title={isFiltered ? 'Nothing fits the filter' : 'Nothing was changed yet'}>
            {isFiltered ? 'Clear it, or ask for less at once: “What” is the beginning of an action, such as command.' : null}
          </EmptyState>
        ) : null}
        {entries.length > 0 ? (
          <DataTable
            label="Audit log" rows={entries}
            columns={[
              { label: 'Who', heads: true, cell: (entry) => <><strong>{entry.actor}</strong>{entry.address ? <div className="quiet small">{entry.address}</div> : null}</> },
              { label: 'What', cell: (entry) => <Action entry={entry} /> },
              { label: 'On', cell: (entry) => <AuditTarget target={entry.target} /> },
              { label: 'Details', wraps: true, cell: (entry) => (entry.details ? <span className="small quiet">{shortDetails(entry.details)}</span> : null) },
              { label: 'When', cell: (entry) => <><Time value={entry.time} dated /><div className="quiet small" title={`log ${entry.logId}`}>entry {entry.number.toLocaleString('en-GB')}</div></> },
            ]}
          />
        ) : null}
      </Panel>
      {audit.hasNextPage ? <div><Button variant="default" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>Read older entries</Button></div> : null}
    </Page>
  );
}

/** A command's digest is for programs: enough of it to see that it is one. */
const shortDetails = (details: string) => details.replace(/\b([0-9a-f]{8})[0-9a-f]{56}\b/, '$1…');

function Action({ entry }: { entry: AuditEntry }) {
  const refused = !/^(ok|success|succeeded|allowed)$/i.test(entry.outcome);
  return <><span style={{ whiteSpace: 'nowrap' }}>{entry.action}</span> {refused ? <Chip tone="bad">{entry.outcome}</Chip> : null}</>;
}
