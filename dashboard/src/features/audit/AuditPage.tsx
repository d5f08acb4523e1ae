import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { auditQuery } from '@/api/administration';
import type { AuditEntry } from '@/api/types';
import { useLiveTopic } from '@/live/useLive';
import { AuditTarget } from './AuditTarget';
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
  const audit = useInfiniteQuery({ ...auditQuery, enabled: ready });
  const entries = audit.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title="Audit log" lead="What was rejected, and every change: who made it and when, newest first.">
      {audit.isError ? <ErrorNotice error={audit.error} retry={() => void audit.refetch()} /> : null}
      <FleetRejections />
      <Panel title="Changes" padded={entries.length === 0}>
        {audit.isPending ? <SkeletonLines lines={8} label="Reading the audit log" /> : null}
        {audit.isSuccess && entries.length === 0 ? <EmptyState icon={<BookIcon size={34} />} title="Nothing was changed yet" /> : null}
        {entries.length > 0 ? (
          <DataTable
            label="Audit log" rows={entries}
            columns={[
              { label: 'Who', heads: true, cell: (entry) => <><strong>{entry.actor}</strong>{entry.address ? <div className="quiet small">{entry.address}</div> : null}</> },
              { label: 'What', cell: (entry) => <Action entry={entry} /> },
              { label: 'On', cell: (entry) => <AuditTarget target={entry.target} /> },
              { label: 'Details', wraps: true, cell: (entry) => (entry.details ? <span className="small quiet">{entry.details}</span> : null) },
              { label: 'When', cell: (entry) => <Time value={entry.time} dated /> },
            ]}
          />
        ) : null}
      </Panel>
      {audit.hasNextPage ? <div><Button variant="default" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>Read older entries</Button></div> : null}
    </Page>
  );
}

function Action({ entry }: { entry: AuditEntry }) {
  const refused = !/^(ok|success|succeeded|allowed)$/i.test(entry.outcome);
  return <><span style={{ whiteSpace: 'nowrap' }}>{entry.action}</span> {refused ? <Chip tone="bad">{entry.outcome}</Chip> : null}</>;
}
