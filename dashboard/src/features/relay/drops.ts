import type { RelayActivity, RelayCounters } from '@/api/types';
import { relayRefusals } from '@/features/system/relayRefusals';
import { channelDrops, legacyDrops, mqttDrops } from './dropTexts';

export interface Drop {
  id: string;
  part: 'Fleet' | 'MQTT' | 'Channels' | 'Legacy';
  name: string;
  meaning: string;
  recent: number;
  total: number;
}

/** All that was dropped, refused or cut, what happens now first; what never happened is left out. */
export function dropsOf(activity: RelayActivity): Drop[] {
  const { fleet, mqtt, channels, legacy } = activity;
  const ofFleet = relayRefusals(fleet.counters.total).map(({ id, name, meaning, count }): Drop =>
    ({ id: `fleet.${id}`, part: 'Fleet', name, meaning, recent: fleet.counters.recent[id] ?? 0, total: count }));
  const all = [
    ...ofFleet,
    ...(mqtt ? of('MQTT', mqttDrops, mqtt.counters) : []),
    ...(channels ? of('Channels', channelDrops, channels.counters) : []),
    ...(legacy ? of('Legacy', legacyDrops, legacy.counters) : []),
  ];
  return all.sort((a, b) => b.recent - a.recent || b.total - a.total || a.name.localeCompare(b.name));
}

function of(part: Drop['part'], texts: Record<string, [string, string]>, counters: RelayCounters): Drop[] {
  return Object.entries(texts).flatMap(([id, [name, meaning]]): Drop[] => {
    const total = counters.total[id] ?? 0;
    return total > 0 ? [{ id: `${part}.${id}`, part, name, meaning, recent: counters.recent[id] ?? 0, total }] : [];
  });
}

/** How often something happened in a second, of what was counted lately; null while nothing is known of before. */
export function perSecond(counters: RelayCounters, name: string, seconds: number): number | null {
  return seconds > 0 ? (counters.recent[name] ?? 0) / seconds : null;
}
