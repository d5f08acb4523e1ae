import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { mayActAs, sessionQuery } from '@/api/session';
import type { Device } from '@/api/types';
import { exactTime, relativeTime } from '@/ui/format/time';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { useNow } from '@/ui/useNow';
import { usePause } from './usePause';

export function PauseNotice({ device }: { device: Device }) {
  const now = useNow();
  const { data: session } = useQuery(sessionQuery);
  const end = usePause(device.id);
  // It ends by itself, and nobody sends an event for that.
  if (!device.pause || Date.parse(device.pause.until) <= now) return null;
  const until = Date.parse(device.pause.until);
  const byOperator = device.pause.by === 'operator';
  return (
    <>
      <Notice
        tone={byOperator ? 'warn' : 'plain'} title="Metrics and logs are held back"
        action={byOperator && mayActAs(session?.user.role, 'operator')
          ? <Button size="xs" variant="default" loading={end.isPending} onClick={() => end.mutate(null)}>Let them come</Button>
          : null}
      >
        {byOperator ? 'An operator asked for it.' : 'The server has more of this device waiting than it can store at once.'}
        {' '}It ends <time dateTime={device.pause.until} title={exactTime(until)}>{relativeTime(until, now)}</time>;
        what the device collects meanwhile comes afterwards.
      </Notice>
      {end.error ? <ErrorNotice error={end.error} /> : null}
    </>
  );
}
