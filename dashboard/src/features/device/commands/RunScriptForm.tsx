import { NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Device } from '@/api/types';
import { CommandForm } from './CommandForm';
import { splitArguments } from './commandText';
import css from './Commands.module.css';

export function RunScriptForm({ device, onSent }: { device: Device; onSent: () => void }) {
  const [name, setName] = useState<string | null>(device.scripts[0] ?? null);
  const [line, setLine] = useState('');
  const [timeout, setTimeout] = useState<number | string>('');
  if (device.scripts.length === 0) return <div className={css['hint']}>The device’s configuration names no script that may be run.</div>;
  return (
    <CommandForm
      deviceId={device.id} label="Run it" onSent={onSent}
      command={name === null ? null : { type: 'run-script', args: { name, arguments: splitArguments(line), ...(typeof timeout === 'number' ? { timeout } : {}) } }}
    >
      <Select size="xs" aria-label="Script" data={device.scripts} value={name} onChange={setName} searchable allowDeselect={false} />
      <TextInput
        size="xs" aria-label="Arguments" placeholder="Arguments, none" description="Quote what contains spaces." value={line}
        onChange={(event) => setLine(event.currentTarget.value)}
      />
      <NumberInput
        size="xs" aria-label="Time, seconds" placeholder="As long as the device allows" description="Seconds; then it is stopped." min={1} max={604_800} allowDecimal={false}
        value={timeout} onChange={setTimeout}
      />
    </CommandForm>
  );
}
