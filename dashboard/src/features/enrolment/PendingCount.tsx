import { useInfiniteQuery } from '@tanstack/react-query';
import { deviceListQuery } from '@/api/devices';
import { Chip } from '@/ui/Chip';

export function PendingCount() {
  const { data } = useInfiniteQuery(deviceListQuery({ status: 'pending' }));
  const count = data?.pages[0]?.total ?? 0;
  return count > 0 ? <Chip tone="warn" title={`${count} waiting for approval`}>{count}</Chip> : null;
}
