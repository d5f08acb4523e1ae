import { useQuery, useQueryClient } from '@tanstack/react-query';
import { proposalsQuery } from '@/api/commands';
import { keys } from '@/api/keys';
import { useLiveEvent, useLiveTopic } from '@/live/useLive';
import { Chip } from '@/ui/Chip';

/** How many commands wait for signatures. */
export function ProposalCount() {
  const queries = useQueryClient();
  useLiveTopic('commands');
  useLiveEvent('proposal', () => void queries.invalidateQueries({ queryKey: keys.proposals }));
  const { data } = useQuery(proposalsQuery);
  const count = data?.filter(({ state }) => state === 'open').length ?? 0;
  return count > 0 ? <Chip tone="warn" title={`${count} waiting for signatures`}>{count}</Chip> : null;
}
