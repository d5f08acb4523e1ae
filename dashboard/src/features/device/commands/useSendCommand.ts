import { useMutation, useQueryClient } from '@tanstack/react-query';
import { sendCommand } from '@/api/devices';
import type { NewCommand } from '@/api/types';
import { storeCommand } from '@/live/deviceCache';

/** The list shows the command once the server has stored it, and from then on what the device reports. */
export function useSendCommand(deviceId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (command: NewCommand) => sendCommand(deviceId, command),
    onSuccess: (command) => storeCommand(queries, command, { onlyNew: true }),
  });
}
