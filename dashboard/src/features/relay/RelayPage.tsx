import { useQuery } from '@tanstack/react-query';
import { relayActivityQuery } from '@/api/relay';
import { mayActAs, sessionQuery } from '@/api/session';
import type { RelayActivity } from '@/api/types';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { Page } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { ChannelsPanel } from './ChannelsPanel';
import { ConnectionsPanel } from './ConnectionsPanel';
import { DropsPanel } from './DropsPanel';
import { Overview } from './Overview';

/** What the relay does at this moment, what it drops, and why. */
export function RelayPage() {
  const { data: session } = useQuery(sessionQuery);
  const activity = useQuery(relayActivityQuery);
  return (
    <Page title="Relay" lead="Connections, rates and drops, read every five seconds. The relay moves sealed records; of what is in them nobody here knows anything.">
      {activity.isError ? <ErrorNotice error={activity.error} retry={() => void activity.refetch()} /> : null}
      {activity.isPending ? <SkeletonLines lines={6} height={64} label="Reading the relay" /> : null}
      {activity.data ? (
        <>
          <Overview activity={activity.data} />
          <DropsPanel activity={activity.data} />
          {mayActAs(session?.user.role, 'operator')
            ? <Lists activity={activity.data} />
            : <Notice title="Single connections and channels are for operators and owners">Ask an owner for that role if you need it.</Notice>}
        </>
      ) : null}
    </Page>
  );
}

function Lists({ activity: { elsewhere, mqtt, channels } }: { activity: RelayActivity }) {
  if (elsewhere) return null;
  return (
    <>
      {mqtt ? <ConnectionsPanel mqtt={mqtt} /> : <Notice title="MQTT users are switched off">Set <code>mqtt-users = on</code> in the server’s settings and start it again to let programs use the relay as an MQTT broker.</Notice>}
      {channels
        ? <ChannelsPanel channels={channels} isFirst={mqtt === null || mqtt.connections === 0} />
        : <Notice title="Channels are switched off">Set <code>channels = on</code> in the server’s settings and start it again to have them.</Notice>}
    </>
  );
}
