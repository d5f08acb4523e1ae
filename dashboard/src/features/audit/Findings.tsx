import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { acknowledgeFinding, auditFindingsQuery } from '@/api/administration';
import { keys } from '@/api/keys';
import type { AuditFinding } from '@/api/types';
import { Chip } from '@/ui/Chip';
import { DataTable } from '@/ui/DataTable';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';
import { findingText } from './findingTexts';

/** What does not agree: the log, what devices have seen of it, and what they recorded. */
export function Findings({ ready }: { ready: boolean }) {
  const findings = useQuery({ ...auditFindingsQuery, enabled: ready });
  if (findings.isError) return <ErrorNotice error={findings.error} retry={() => void findings.refetch()} />;
  if (findings.isPending) return <Panel title="Findings"><SkeletonLines lines={2} label="Reading what was found" /></Panel>;
  const open = findings.data.filter((finding) => finding.acknowledgedAt === null);
  return (
    <>
      <Summary open={open} />
      {findings.data.length > 0 ? (
        <Panel title="Findings" padded={false}>
          <DataTable
            label="Findings" rows={findings.data}
            columns={[
              { label: 'What', heads: true, cell: (finding) => <What finding={finding} /> },
              { label: 'Where', cell: (finding) => <Where finding={finding} /> },
              { label: 'Found', cell: (finding) => <Time value={finding.foundAt} dated /> },
              { label: 'Seen to', cell: (finding) => <SeenTo finding={finding} /> },
            ]}
          />
        </Panel>
      ) : null}
    </>
  );
}

function Summary({ open }: { open: readonly AuditFinding[] }) {
  const alarms = open.filter((finding) => findingText(finding.kind)?.isAlarm ?? true).length;
  if (open.length === 0) {
    return (
      <Notice tone="good" title="Log and devices agree">
        Devices have recorded what the log says, and nothing else; and the log is what they have seen of it before. To verify it without
        believing this server: <code>fleetctl audit compare</code>
      </Notice>
    );
  }
  const title = open.length === 1 ? 'One finding is open' : `${open.length.toLocaleString('en-GB')} findings are open`;
  return (
    <Notice tone={alarms > 0 ? 'bad' : 'warn'} title={title}>
      {alarms > 0 ? 'Somebody may have done it on purpose. ' : ''}Each line says what it means and what to do. Acknowledge it when you have seen to it: that is written into the log.
    </Notice>
  );
}

function What({ finding }: { finding: AuditFinding }) {
  const known = findingText(finding.kind);
  return (
    <>
      <strong>{known?.title ?? finding.kind}</strong> {finding.acknowledgedAt === null ? <Chip tone={known?.isAlarm === false ? 'warn' : 'bad'}>{finding.kind}</Chip> : <Chip>{finding.kind}</Chip>}
      <div className="small">{finding.details}</div>
      <div className="quiet small">{known ? `${known.meaning} ${known.advice}` : 'This dashboard does not know what it means: the server is newer.'}</div>
    </>
  );
}

function Where({ finding }: { finding: AuditFinding }) {
  const { deviceId } = finding;
  if (deviceId === null) return 'this server';
  return <Link to="/devices/$deviceId/commands" params={{ deviceId }}>{deviceId.slice(0, 8)}…</Link>;
}

function SeenTo({ finding }: { finding: AuditFinding }) {
  const queries = useQueryClient();
  const acknowledge = useMutation({
    mutationFn: () => acknowledgeFinding(finding.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.audit }),
  });
  if (finding.acknowledgedAt !== null) return <><strong>{finding.acknowledgedBy}</strong><div className="quiet small"><Time value={finding.acknowledgedAt} dated /></div></>;
  return (
    <>
      <Button size="xs" variant="default" loading={acknowledge.isPending} onClick={() => acknowledge.mutate()} aria-label={`Acknowledge ${finding.kind} ${finding.subject}`}>Acknowledge</Button>
      {acknowledge.isError ? <ErrorNotice error={acknowledge.error} /> : null}
    </>
  );
}
