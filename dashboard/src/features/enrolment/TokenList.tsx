import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { deleteEnrolmentToken, enrolmentTokensQuery } from '@/api/administration';
import { keys } from '@/api/keys';
import type { EnrolmentToken } from '@/api/types';
import { Chip } from '@/ui/Chip';
import { ConfirmButton } from '@/ui/ConfirmButton';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';
import { useNow } from '@/ui/useNow';

export function TokenList() {
  const queries = useQueryClient();
  const tokens = useQuery(enrolmentTokensQuery);
  const now = useNow();
  const remove = useMutation({
    mutationFn: deleteEnrolmentToken,
    onSettled: () => queries.invalidateQueries({ queryKey: keys.enrolmentTokens }),
  });
  return (
    <Panel title="Enrolment tokens" padded={!tokens.data?.length}>
      {remove.error ? <ErrorNotice error={remove.error} /> : null}
      {tokens.isPending ? <SkeletonLines lines={3} /> : null}
      {tokens.isError ? <ErrorNotice error={tokens.error} retry={() => void tokens.refetch()} /> : null}
      {tokens.data?.length === 0 ? <EmptyState title="No tokens">Each “Add a device” makes one. Their secrets are never shown again.</EmptyState> : null}
      {tokens.data?.length ? (
        <DataTable
          label="Enrolment tokens" rows={tokens.data}
          columns={[
            { label: 'For', heads: true, cell: (token) => <>{token.name || <span className="quiet">no name</span>}<div className="quiet small"><code>{token.id.slice(0, 8)}</code></div></> },
            { label: 'State', cell: (token) => <TokenState token={token} now={now} /> },
            { label: 'Tags', cell: (token) => token.tags.join(', ') || '–' },
            { label: 'Used', cell: (token) => `${token.uses} of ${token.maxUses ?? 'any number'}` },
            { label: 'Approval', cell: (token) => (token.requireApproval ? 'asked for' : 'not needed') },
            { label: 'Ends', cell: (token) => <Time value={token.expiresAt} /> },
            {
              label: '', cell: (token) => (
                <ConfirmButton label="Delete" confirm="Really delete" pending={remove.isPending && remove.variables === token.id} onConfirm={() => remove.mutate(token.id)} />
              ),
            },
          ]}
        />
      ) : null}
    </Panel>
  );
}

function TokenState({ token, now }: { token: EnrolmentToken; now: number }) {
  if (token.maxUses !== null && token.uses >= token.maxUses) return <Chip>Used up</Chip>;
  if (token.expiresAt !== null && Date.parse(token.expiresAt) <= now) return <Chip>Expired</Chip>;
  return <Chip tone="good">Works</Chip>;
}
