import { Button, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { createApiToken } from '@/api/administration';
import { keys } from '@/api/keys';
import type { Role } from '@/api/types';
import { roleChoices } from '@/features/operators/roleChoices';
import { Copyable } from '@/ui/Copyable';
import { Dialog } from '@/ui/Dialog';
import { ErrorNotice, Notice } from '@/ui/Notice';

const expiries = [
  { value: '2592000', label: '30 days' },
  { value: '31536000', label: '1 year' },
  { value: '', label: 'No end' },
];

export function ApiTokenDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [expiry, setExpiry] = useState('2592000');
  const create = useMutation({
    mutationFn: () => createApiToken({ name: name.trim(), role, expiresIn: expiry === '' ? null : Number(expiry) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.apiTokens }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Dialog title="Make an API token" opened onClose={onClose}>
      {create.data ? (
        <div style={{ display: 'grid', gap: 16 }}>
          <Notice tone="good" title="This is the only time that it is shown">Keep it where the program finds it and nobody else does.</Notice>
          <Copyable text={create.data.token} label="API token" />
          <Button variant="default" onClick={onClose}>I have it</Button>
        </div>
      ) : (
        <form onSubmit={submit} style={{ display: 'grid', gap: 16 }}>
          {create.error ? <ErrorNotice error={create.error} /> : null}
          <TextInput label="Which program is it for?" required value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
          <Select label="May do" data={roleChoices} value={role} onChange={(value) => setRole(roleChoices.find((choice) => choice.value === value)?.value ?? 'viewer')} allowDeselect={false} />
          <Select label="Works for" data={expiries} value={expiry} onChange={(value) => setExpiry(value ?? '')} allowDeselect={false} />
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>Make it</Button>
        </form>
      )}
    </Dialog>
  );
}
