import { NumberInput, Select } from '@mantine/core';
import { useState } from 'react';
import type { Device } from '@/api/types';
import { CommandForm } from './CommandForm';
import css from './Commands.module.css';
import { declaredNames } from './commandText';

export function PwmSetForm({ device, onSent }: { device: Device; onSent: () => void }) {
  const names = declaredNames(device.facts['pwm.outputs']);
  const [name, setName] = useState<string | null>(names[0] ?? null);
  const [percent, setPercent] = useState<number | string>(50);
  if (names.length === 0) return <div className={css['hint']}>The device’s configuration declares no PWM output.</div>;
  const command = name === null || typeof percent !== 'number' ? null : { type: 'pwm-set', args: { name, duty: percent / 100 } };
  return (
    <CommandForm deviceId={device.id} label="Set it" onSent={onSent} command={command}>
      <Select size="xs" aria-label="Output" data={names} value={name} onChange={setName} />
      <NumberInput size="xs" aria-label="Duty cycle in percent" suffix=" %" min={0} max={100} decimalScale={1} value={percent} onChange={setPercent} />
    </CommandForm>
  );
}
