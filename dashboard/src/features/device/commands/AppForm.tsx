import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Device } from '@/api/types';
import { CommandForm } from './CommandForm';
import { declaredNames, splitArguments } from './commandText';

export function AppForm({ device, onSent }: { device: Device; onSent: () => void }) {
  const names = declaredNames(device.facts['app.names']);
  const [name, setName] = useState<string | null>(names[0] ?? null);
  const [line, setLine] = useState('');
  return (
    <CommandForm
      deviceId={device.id} label="Send it" onSent={onSent}
      command={name === null ? null : { type: 'app', args: { name, arguments: splitArguments(line) } }}
    >
      <Select size="xs" aria-label="Program" data={names} value={name} onChange={setName} />
      <TextInput
        size="xs" aria-label="Arguments" placeholder="Arguments, none" description="Quote what contains spaces." value={line}
        onChange={(event) => setLine(event.currentTarget.value)}
      />
    </CommandForm>
  );
}
