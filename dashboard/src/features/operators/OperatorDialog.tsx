import { Button, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { createOperator } from '@/api/administration';
import { keys } from '@/api/keys';
import type { Role } from '@/api/types';
import { NewPassword } from '@/features/setup/NewPassword';
import { minimumLength } from '@/features/setup/passwordStrength';
import { Dialog } from '@/ui/Dialog';
import { ErrorNotice } from '@/ui/Notice';
import { roleChoices } from './roleChoices';

export function OperatorDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const create = useMutation({
    mutationFn: () => createOperator({ username: username.trim(), password, role }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keys.operators });
      onClose();
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Dialog title="Add an operator" opened onClose={onClose}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 16 }}>
        {create.error ? <ErrorNotice error={create.error} /> : null}
        <TextInput label="Name" required autoComplete="off" value={username} onChange={(event) => setUsername(event.currentTarget.value)} data-autofocus />
        <Select label="May do" data={roleChoices} value={role} onChange={(value) => setRole(roleChoices.find((choice) => choice.value === value)?.value ?? 'viewer')} allowDeselect={false} />
        <NewPassword label="First password" username={username} value={password} onChange={setPassword} />
        <Button type="submit" loading={create.isPending} disabled={username.trim() === '' || password.length < minimumLength}>Add</Button>
      </form>
    </Dialog>
  );
}
