import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { Device } from '@/api/types';
import { CommandForm } from './CommandForm';

export function CollectForm({ device, onSent }: { device: Device; onSent: () => void }) {
  const collectors = Object.keys(device.intervals).sort();
  const [chosen, setChosen] = useState<string[]>(collectors);
  return (
    <CommandForm
      deviceId={device.id} label="Collect now" onSent={onSent}
      command={chosen.length === 0 && collectors.length > 0 ? null : { type: 'collect', args: { collectors: chosen } }}
    >
      <Checkbox.Group value={chosen} onChange={setChosen} aria-label="Collectors">
        <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(120px, 1fr))', gap: 8 }}>
          {collectors.map((name) => <Checkbox key={name} value={name} label={name} size="xs" />)}
        </div>
      </Checkbox.Group>
    </CommandForm>
  );
}
