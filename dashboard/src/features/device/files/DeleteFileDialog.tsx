import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { deleteFile } from '@/api/devices';
import type { DeviceFile } from '@/api/types';
import { storeFile } from '@/live/deviceCache';
import { Dialog } from '@/ui/Dialog';
import { ErrorNotice } from '@/ui/Notice';

export function DeleteFileDialog({ file, onClose }: { file: DeviceFile; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteFile(file),
    onSuccess: () => {
      storeFile(queries, { ...file, state: 'deleted' });
      onClose();
    },
  });
  const arriving = file.state === 'receiving' || file.state === 'verifying';
  return (
    <Dialog title={arriving ? 'Stop and delete this file?' : 'Delete this file?'} opened onClose={onClose}>
      <div style={{ display: 'grid', gap: 16 }}>
        <div style={{ overflowWrap: 'anywhere' }}>
          <strong>{file.name}</strong> {arriving ? 'is not received any further, and the device does not send it again.' : 'is gone for good: the device has deleted its own.'}
        </div>
        {remove.error ? <ErrorNotice error={remove.error} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>Keep it</Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>Delete it</Button>
        </Group>
      </div>
    </Dialog>
  );
}
