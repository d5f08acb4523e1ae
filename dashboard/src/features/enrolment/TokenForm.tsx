import { Button, Checkbox, Select, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { createEnrolmentToken } from '@/api/administration';
import { keys } from '@/api/keys';
import type { CreatedEnrolmentToken } from '@/api/types';
import { ErrorNotice } from '@/ui/Notice';
import css from './Enrolment.module.css';
import { expiryChoices } from './expiryChoices';

const useChoices = [
  { value: '1', label: 'One device' },
  { value: '10', label: 'Up to 10 devices' },
  { value: '100', label: 'Up to 100 devices' },
  { value: '', label: 'Any number of devices' },
];

export function TokenForm({ onCreated }: { onCreated: (token: CreatedEnrolmentToken) => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [tags, setTags] = useState<string[]>([]);
  const [uses, setUses] = useState('1');
  const [expiry, setExpiry] = useState('3600');
  const [approval, setApproval] = useState(false);
  const create = useMutation({
    mutationFn: () => createEnrolmentToken({
      ...(name.trim() === '' ? {} : { name: name.trim() }),
      tags,
      maxUses: uses === '' ? null : Number(uses),
      expiresIn: Number(expiry),
      requireApproval: approval,
    }),
    onSuccess: (token) => {
      onCreated(token);
      return queries.invalidateQueries({ queryKey: keys.enrolmentTokens });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form className={css['form']} onSubmit={submit}>
      {create.error ? <ErrorNotice error={create.error} /> : null}
      <TagsInput label="Tags" description="Given to every device that uses the command, to find and group it by. Optional." value={tags} onChange={setTags} />
      <div className={css['pair']}>
        <Select label="For" data={useChoices} value={uses} onChange={(value) => setUses(value ?? '1')} allowDeselect={false} />
        <Select label="Works for" data={expiryChoices} value={expiry} onChange={(value) => setExpiry(value ?? '3600')} allowDeselect={false} />
      </div>
      <TextInput
        label="What it is for" description="For your own list of enrolment tokens. Optional." placeholder="Greenhouse, second batch" value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Checkbox
        label="Ask me before a device is let in" description="It enrols and then waits until an operator approves it here." checked={approval}
        onChange={(event) => setApproval(event.currentTarget.checked)}
      />
      <div><Button type="submit" loading={create.isPending}>Make the command</Button></div>
    </form>
  );
}
