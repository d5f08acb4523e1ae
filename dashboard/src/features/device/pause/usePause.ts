import { useMutation, useQueryClient } from '@tanstack/react-query';
import { endPause, pauseDevice } from '@/api/devices';
import { keys } from '@/api/keys';

/** Sets, or with null ends, what holds the device's metrics and logs back. */
export function usePause(deviceId: string, onDone?: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (seconds: number | null) => {
      await (seconds === null ? endPause(deviceId) : pauseDevice(deviceId, seconds));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keys.device(deviceId), exact: true });
      onDone?.();
    },
  });
}
