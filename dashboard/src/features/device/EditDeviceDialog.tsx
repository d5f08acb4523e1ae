import { Button, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { updateDevice } from '@/api/devices';
import { keys } from '@/api/keys';
import type { Device } from '@/api/types';
import { Dialog } from '@/ui/Dialog';
import { ErrorNotice } from '@/ui/Notice';

export function EditDeviceDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState(device.name);
  const [tags, setTags] = useState(device.tags);
  const save = useMutation({
    mutationFn: () => updateDevice(device.id, { name: name.trim(), tags }),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: keys.device(device.id), exact: true }),
        queries.invalidateQueries({ queryKey: keys.deviceLists }),
      ]);
      onClose();
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog title="Rename or change tags" opened onClose={onClose}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 16 }}>
        {save.error ? <ErrorNotice error={save.error} /> : null}
        <TextInput label="Name" required value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
        <TagsInput label="Tags" description="Enter or comma after each." value={tags} onChange={setTags} />
        <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>Save</Button>
      </form>
    </Dialog>
  );
}
