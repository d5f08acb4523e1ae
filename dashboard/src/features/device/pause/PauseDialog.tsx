import { Button, Group, Radio } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import type { Device } from '@/api/types';
import { Dialog } from '@/ui/Dialog';
import { ErrorNotice } from '@/ui/Notice';
import { usePause } from './usePause';

const lengths = [
  { seconds: 900, label: '15 minutes' },
  { seconds: 3600, label: '1 hour' },
  { seconds: 6 * 3600, label: '6 hours' },
  { seconds: 24 * 3600, label: '24 hours, the longest' },
] as const;

export function PauseDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const [seconds, setSeconds] = useState<number>(3600);
  const pause = usePause(device.id, onClose);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    pause.mutate(seconds);
  };
  return (
    <Dialog title="Hold metrics and logs back" opened onClose={onClose}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 16 }}>
        <div>
          <strong>{device.name}</strong> keeps them on its own disk, within the bounds of its spool, and sends them afterwards. Events, commands and their
          reports go on.
        </div>
        {pause.error ? <ErrorNotice error={pause.error} /> : null}
        <Radio.Group label="For" value={String(seconds)} onChange={(value) => setSeconds(Number(value))}>
          <div style={{ display: 'grid', gap: 8, marginTop: 8 }}>
            {lengths.map((length) => <Radio key={length.seconds} value={String(length.seconds)} label={length.label} />)}
          </div>
        </Radio.Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={pause.isPending}>Hold them back</Button>
        </Group>
      </form>
    </Dialog>
  );
}
