import type { Device } from '@/api/types';
import { TypedConfirmation } from '@/ui/TypedConfirmation';
import { useSendCommand } from './useSendCommand';

export function RebootDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const send = useSendCommand(device.id);
  return (
    <TypedConfirmation
      title="Reboot this device" word={device.name} action="Reboot it" pending={send.isPending} error={send.error}
      onConfirm={() => send.mutate({ type: 'reboot' }, { onSuccess: onClose })} onClose={onClose}
    >
      Everything that runs on it stops. It should be back in a minute or two; what it collects until it goes down is kept.
    </TypedConfirmation>
  );
}
