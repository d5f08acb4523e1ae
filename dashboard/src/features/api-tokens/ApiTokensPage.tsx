import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { apiTokensQuery, deleteApiToken } from '@/api/administration';
import { keys } from '@/api/keys';
import { Allowed } from '@/app/Allowed';
import { Chip } from '@/ui/Chip';
import { ConfirmButton } from '@/ui/ConfirmButton';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { KeyIcon, PlusIcon } from '@/ui/icons';
import { ErrorNotice } from '@/ui/Notice';
import { Page, Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';
import { ApiTokenDialog } from './ApiTokenDialog';

export function ApiTokensPage() {
  return <Allowed role="owner"><Tokens /></Allowed>;
}

function Tokens() {
  const queries = useQueryClient();
  const tokens = useQuery(apiTokensQuery);
  const [adding, setAdding] = useState(false);
  const remove = useMutation({ mutationFn: deleteApiToken, onSettled: () => queries.invalidateQueries({ queryKey: keys.apiTokens }) });
  return (
    <Page
      title="API tokens" lead={<>For programs. A token is sent as <code>Authorization: Bearer …</code>; what the API offers stands at <a href="/scalar">/scalar</a>.</>}
      actions={<Button leftSection={<PlusIcon />} onClick={() => setAdding(true)}>Make a token</Button>}
    >
      {remove.error ? <ErrorNotice error={remove.error} /> : null}
      <Panel padded={!tokens.data?.length}>
        {tokens.isPending ? <SkeletonLines lines={3} /> : null}
        {tokens.isError ? <ErrorNotice error={tokens.error} retry={() => void tokens.refetch()} /> : null}
        {tokens.data?.length === 0 ? <EmptyState icon={<KeyIcon size={34} />} title="No tokens">Make one for each program, with the smallest role that it needs.</EmptyState> : null}
        {tokens.data?.length ? (
          <DataTable
            label="API tokens" rows={tokens.data}
            columns={[
              { label: 'Name', heads: true, cell: (token) => <><strong>{token.name}</strong><div className="quiet small"><code>{token.id.slice(0, 8)}</code></div></> },
              { label: 'Role', cell: (token) => <Chip tone={token.role === 'owner' ? 'accent' : 'plain'}>{token.role}</Chip> },
              { label: 'Last used', cell: (token) => <Time value={token.lastUsedAt} /> },
              { label: 'Made', cell: (token) => <><Time value={token.createdAt} />{token.createdBy ? <span className="quiet small"> by {token.createdBy}</span> : null}</> },
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
      {adding ? <ApiTokenDialog onClose={() => setAdding(false)} /> : null}
    </Page>
  );
}
