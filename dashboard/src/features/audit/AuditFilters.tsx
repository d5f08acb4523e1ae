import { Button, Group, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { AuditFilter } from '@/api/types';

const hour = 3_600_000;
const spans = [
  { value: '', label: 'any time' },
  { value: String(hour), label: 'last hour' },
  { value: String(24 * hour), label: 'last day' },
  { value: String(7 * 24 * hour), label: 'last week' },
  { value: String(30 * 24 * hour), label: 'last 30 days' },
];

/** Asks the server for what was typed when it is submitted; a filter that is typed is not one that is half typed. */
export function AuditFilters({ onChange }: { onChange: (filter: AuditFilter) => void }) {
  const [actor, setActor] = useState('');
  const [action, setAction] = useState('');
  const [device, setDevice] = useState('');
  const [span, setSpan] = useState('');
  const submit = () => onChange({
    actor: actor.trim() || undefined,
    action: action.trim() || undefined,
    device: device.trim().toLowerCase() || undefined,
    from: span === '' ? undefined : Date.now() - Number(span),
  });
  const clear = () => {
    setActor('');
    setAction('');
    setDevice('');
    setSpan('');
    onChange({});
  };
  return (
    <form role="search" aria-label="Filter changes" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <Group align="end" gap="sm" p="md">
        <TextInput label="Who" placeholder="alice" value={actor} maxLength={128} onChange={(event) => setActor(event.currentTarget.value)} />
        <TextInput label="What" placeholder="command." value={action} maxLength={128} onChange={(event) => setAction(event.currentTarget.value)} />
        <TextInput label="Device" placeholder="its id" value={device} maxLength={128} onChange={(event) => setDevice(event.currentTarget.value)} />
        <Select label="When" data={spans} value={span} allowDeselect={false} onChange={(value) => setSpan(value ?? '')} />
        <Button type="submit" variant="default">Filter</Button>
        <Button variant="subtle" onClick={clear}>Clear</Button>
      </Group>
    </form>
  );
}
