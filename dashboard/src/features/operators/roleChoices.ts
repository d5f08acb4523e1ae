import type { Role } from '@/api/types';

export const roleChoices: { value: Role; label: string }[] = [
  { value: 'viewer', label: 'Viewer: sees everything' },
  { value: 'operator', label: 'Operator: also commands and enrols' },
  { value: 'owner', label: 'Owner: also manages people' },
];
