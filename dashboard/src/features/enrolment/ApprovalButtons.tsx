import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { approveDevice, rejectDevice } from '@/api/devices';
import { keys } from '@/api/keys';
import type { Device } from '@/api/types';
import { ErrorNotice } from '@/ui/Notice';

export function ApprovalButtons({ device }: { device: Device }) {
  const queries = useQueryClient();
  const decide = useMutation({
    mutationFn: (approve: boolean) => (approve ? approveDevice(device.id) : rejectDevice(device.id)),
    onSuccess: () => Promise.all([
      queries.invalidateQueries({ queryKey: keys.device(device.id), exact: true }),
      queries.invalidateQueries({ queryKey: keys.deviceLists }),
    ]),
  });
  return (
    <div style={{ display: 'grid', gap: 8, justifyItems: 'end' }}>
      <div style={{ display: 'flex', gap: 8 }}>
        <Button size="xs" loading={decide.isPending && decide.variables} disabled={decide.isPending} onClick={() => decide.mutate(true)}>Approve</Button>
        <Button
          size="xs" variant="default" loading={decide.isPending && !decide.variables} disabled={decide.isPending}
          onClick={() => decide.mutate(false)}
        >
          Reject
        </Button>
      </div>
      {decide.error ? <ErrorNotice error={decide.error} /> : null}
    </div>
  );
}
