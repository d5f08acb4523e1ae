import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { auditStateQuery, verifyAudit } from '@/api/administration';
import { keys } from '@/api/keys';
import type { AuditState } from '@/api/types';
import { Facts } from '@/ui/Facts';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';

const began: Record<NonNullable<AuditState['beganBecause']>, string> = {
  first: 'the first of this fleet',
  damaged: 'new, because the one before was damaged',
  restored: 'new, because the server was restored from a backup',
  rewritten: 'new, because devices had seen another one',
  'server-renewed': 'new, because the server has new keys',
};

/** How far the log goes, is verified, signed and witnessed. */
export function ChainPanel({ ready }: { ready: boolean }) {
  const state = useQuery({ ...auditStateQuery, enabled: ready });
  const queries = useQueryClient();
  const verify = useMutation({ mutationFn: verifyAudit, onSettled: () => queries.invalidateQueries({ queryKey: keys.audit }) });
  return (
    <Panel title="The log’s chain">
      {state.isPending ? <SkeletonLines lines={4} label="Reading the state of the log" /> : null}
      {state.isError ? <ErrorNotice error={state.error} retry={() => void state.refetch()} /> : null}
      {state.isSuccess ? <Facts rows={rows(state.data)} /> : null}
      {verify.isError ? <ErrorNotice error={verify.error} /> : null}
      <Button mt="md" size="xs" variant="default" loading={verify.isPending} disabled={!state.isSuccess} onClick={() => verify.mutate()}>Verify all of it now</Button>
    </Panel>
  );
}

const count = (value: number) => value.toLocaleString('en-GB');

function rows(state: AuditState): (readonly [string, ReactNode])[] {
  if (state.logId === null) return [['Log', <span key="log" className="quiet">begins with the first change</span>]];
  return [
    ['Log', <><code>{state.logId.slice(0, 16)}…</code> {state.beganBecause ? <span className="quiet">{began[state.beganBecause]}</span> : null}</>],
    ['Entries', <>through {count(state.number)}{state.oldestNumber !== null && state.oldestNumber > 1 ? <span className="quiet"> older ones than {count(state.oldestNumber)} were deleted by age</span> : null}</>],
    ['Verified', state.verifiedThrough === null ? <span className="quiet">not yet since the start</span> : <>through {count(state.verifiedThrough)}, <Time value={state.verifiedAt} /></>],
    ['Signed', state.checkpoint === null ? <span className="quiet">not yet</span> : <>through {count(state.checkpoint.number)}, <Time value={state.checkpoint.time} /></>],
    ['Witnessed', state.witnessedThrough === null
      ? <span className="quiet">by no device yet: each says so with its next record of commands</span>
      : <>by {count(state.witnesses)} {state.witnesses === 1 ? 'device' : 'devices'}, through {count(state.witnessedThrough)}</>],
  ];
}
