import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import type { Device } from '@/api/types';
import { MoreIcon } from '@/ui/icons';
import { EditDeviceDialog } from './EditDeviceDialog';
import { PauseDialog } from './pause/PauseDialog';
import { RevokeDialog } from './RevokeDialog';

export function DeviceMenu({ device }: { device: Device }) {
  const [dialog, setDialog] = useState<'edit' | 'pause' | 'revoke' | null>(null);
  const close = () => setDialog(null);
  return (
    <>
      <Menu position="bottom-end" width={230} transitionProps={{ duration: 80 }}>
        <Menu.Target><Button variant="default" size="sm" leftSection={<MoreIcon />}>Manage</Button></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDialog('edit')}>Rename or change tags</Menu.Item>
          {device.status === 'active' ? <Menu.Item onClick={() => setDialog('pause')}>Hold metrics and logs back</Menu.Item> : null}
          <Menu.Item color="red" onClick={() => setDialog('revoke')}>Revoke this device</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'edit' ? <EditDeviceDialog device={device} onClose={close} /> : null}
      {dialog === 'pause' ? <PauseDialog device={device} onClose={close} /> : null}
      {dialog === 'revoke' ? <RevokeDialog device={device} onClose={close} /> : null}
    </>
  );
}
