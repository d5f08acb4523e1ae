import { ActionIcon, Menu } from '@mantine/core';
import type { Operator, Role } from '@/api/types';
import { MoreIcon } from '@/ui/icons';

interface Props {
  operator: Operator;
  self: boolean;
  onRole: (role: Role) => void;
  onDisabled: (disabled: boolean) => void;
  onPassword: () => void;
  onDelete: () => void;
}

const roles: Role[] = ['viewer', 'operator', 'owner'];

/** Nobody can take away their own role: the last owner would lock everybody out. */
export function OperatorActions({ operator, self, onRole, onDisabled, onPassword, onDelete }: Props) {
  return (
    <Menu position="bottom-end" width={200} transitionProps={{ duration: 80 }}>
      <Menu.Target><ActionIcon variant="subtle" color="gray" aria-label={`Manage ${operator.username}`}><MoreIcon /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onPassword}>Set a new password</Menu.Item>
        {self ? null : roles.filter((role) => role !== operator.role).map((role) => (
          <Menu.Item key={role} onClick={() => onRole(role)}>Make {role === 'viewer' ? 'a viewer' : `an ${role}`}</Menu.Item>
        ))}
        {self ? null : <Menu.Item onClick={() => onDisabled(!operator.disabled)}>{operator.disabled ? 'Enable' : 'Disable'}</Menu.Item>}
        {self ? null : <Menu.Item color="red" onClick={onDelete}>Delete</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
