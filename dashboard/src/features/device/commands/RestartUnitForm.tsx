import { Select } from '@mantine/core';
import { useState } from 'react';
import type { Device } from '@/api/types';
import { CommandForm } from './CommandForm';
import css from './Commands.module.css';

export function RestartUnitForm({ device, onSent }: { device: Device; onSent: () => void }) {
  const [unit, setUnit] = useState<string | null>(device.units[0] ?? null);
  if (device.units.length === 0) return <div className={css['hint']}>The device’s configuration names no unit that may be restarted.</div>;
  return (
    <CommandForm deviceId={device.id} label="Restart it" onSent={onSent} command={unit === null ? null : { type: 'restart-unit', args: { unit } }}>
      <Select size="xs" aria-label="Unit" data={device.units} value={unit} onChange={setUnit} searchable />
    </CommandForm>
  );
}
