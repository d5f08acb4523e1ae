import { useMutation, useQueryClient } from '@tanstack/react-query';
import { revokeDevice } from '@/api/devices';
import { keys } from '@/api/keys';
import type { Device } from '@/api/types';
import { TypedConfirmation } from '@/ui/TypedConfirmation';

export function RevokeDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeDevice(device.id),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: keys.device(device.id), exact: true }),
        queries.invalidateQueries({ queryKey: keys.deviceLists }),
      ]);
      onClose();
    },
  });
  return (
    <TypedConfirmation
      title="Revoke this device" word={device.name} action="Revoke it" pending={revoke.isPending} error={revoke.error}
      onConfirm={() => revoke.mutate()} onClose={onClose}
    >
      Its keys stop working at once: it is cut off, and nothing that it sends is accepted any more. What was received stays.
      To bring it back, it must be enrolled again.
    </TypedConfirmation>
  );
}
