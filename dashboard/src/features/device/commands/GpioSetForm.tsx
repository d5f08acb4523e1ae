import { NumberInput, SegmentedControl, Select } from '@mantine/core';
import { useState } from 'react';
import type { Device } from '@/api/types';
import { CommandForm } from './CommandForm';
import css from './Commands.module.css';
import { declaredNames } from './commandText';

export function GpioSetForm({ device, onSent }: { device: Device; onSent: () => void }) {
  const names = declaredNames(device.facts['gpio.outputs']);
  const [name, setName] = useState<string | null>(names[0] ?? null);
  const [value, setValue] = useState('on');
  const [pulse, setPulse] = useState<number | string>('');
  if (names.length === 0) return <div className={css['hint']}>The device’s configuration declares no GPIO output.</div>;
  const args = { name, value: value === 'on', ...(typeof pulse === 'number' ? { pulse: Math.round(pulse * 1000) } : {}) };
  return (
    <CommandForm deviceId={device.id} label="Set it" onSent={onSent} command={name === null ? null : { type: 'gpio-set', args }}>
      <Select size="xs" aria-label="Output" data={names} value={name} onChange={setName} />
      <SegmentedControl size="xs" aria-label="Value" data={[{ value: 'on', label: 'On' }, { value: 'off', label: 'Off' }]} value={value} onChange={setValue} />
      <NumberInput
        size="xs" aria-label="Pulse in seconds" placeholder="It stays" description="Seconds; then the opposite. Empty: it stays."
        min={0.001} max={3600} decimalScale={3} value={pulse} onChange={setPulse}
      />
    </CommandForm>
  );
}
