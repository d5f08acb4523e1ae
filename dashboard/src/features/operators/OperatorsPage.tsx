import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteOperator, operatorsQuery, updateOperator } from '@/api/administration';
import { keys } from '@/api/keys';
import { sessionQuery } from '@/api/session';
import type { Operator, Role } from '@/api/types';
import { Allowed } from '@/app/Allowed';
import { Chip } from '@/ui/Chip';
import { DataTable } from '@/ui/DataTable';
import { PlusIcon } from '@/ui/icons';
import { ErrorNotice } from '@/ui/Notice';
import { Page, Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';
import { OperatorActions } from './OperatorActions';
import { OperatorDialog } from './OperatorDialog';
import { PasswordDialog } from './PasswordDialog';

export function OperatorsPage() {
  return <Allowed role="owner"><Operators /></Allowed>;
}

function Operators() {
  const queries = useQueryClient();
  const operators = useQuery(operatorsQuery);
  const { data: session } = useQuery(sessionQuery);
  const [adding, setAdding] = useState(false);
  const [passwordFor, setPasswordFor] = useState<Operator | null>(null);
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: keys.operators }) };
  const change = useMutation({
    mutationFn: ({ id, ...rest }: { id: string; role?: Role; disabled?: boolean }) => updateOperator(id, rest), ...settled,
  });
  const remove = useMutation({ mutationFn: deleteOperator, ...settled });
  const error = change.error ?? remove.error;
  return (
    <Page
      title="Operators" lead="The people who may sign in, and what each of them may do."
      actions={<Button leftSection={<PlusIcon />} onClick={() => setAdding(true)}>Add an operator</Button>}
    >
      {error ? <ErrorNotice error={error} /> : null}
      <Panel padded={!operators.data}>
        {operators.isPending ? <SkeletonLines lines={3} /> : null}
        {operators.isError ? <ErrorNotice error={operators.error} retry={() => void operators.refetch()} /> : null}
        {operators.data ? (
          <DataTable
            label="Operators" rows={operators.data}
            columns={[
              { label: 'Name', heads: true, cell: (row) => <><strong>{row.username}</strong>{row.id === session?.user.id ? <span className="quiet small"> you</span> : null}</> },
              { label: 'Role', cell: (row) => <Chip tone={row.role === 'owner' ? 'accent' : 'plain'}>{row.role}</Chip> },
              { label: 'State', cell: (row) => (row.disabled ? <Chip tone="warn">Disabled</Chip> : <Chip tone="good">Active</Chip>) },
              { label: 'Last sign-in', cell: (row) => <Time value={row.lastSignInAt} /> },
              { label: 'Since', cell: (row) => <Time value={row.createdAt} /> },
              {
                label: '', cell: (row) => (
                  <OperatorActions
                    operator={row} self={row.id === session?.user.id} onRole={(role) => change.mutate({ id: row.id, role })}
                    onDisabled={(disabled) => change.mutate({ id: row.id, disabled })} onPassword={() => setPasswordFor(row)} onDelete={() => remove.mutate(row.id)}
                  />
                ),
              },
            ]}
          />
        ) : null}
      </Panel>
      {adding ? <OperatorDialog onClose={() => setAdding(false)} /> : null}
      {passwordFor ? <PasswordDialog operator={passwordFor} onClose={() => setPasswordFor(null)} /> : null}
    </Page>
  );
}
