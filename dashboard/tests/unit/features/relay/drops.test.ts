import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dropsOf, perSecond } from '@/features/relay/drops';
import { channelDrops, legacyDrops, mqttDrops } from '@/features/relay/dropTexts';
import { activity } from './builders';

const counted = (file: string) => [...readFileSync(`../relay/${file}`, 'utf8').matchAll(/KeyValuePair\.Create\("(\w+)"/g)].map(([, name]) => name ?? '');

describe('dropsOf', () => {
  it('whatHappensNow_ComesFirst_WhatNeverHappened_IsLeftOut', () => {
    const drops = dropsOf(activity({
      fleet: { total: { authenticationsRefused: 900, malformedPackets: 0, messagesUp: 5 }, recent: {} },
      mqtt: { total: { droppedQueueFull: 12, expired: 3 }, recent: { expired: 2 } },
    }));
    expect(drops.map(({ part, name, recent, total }) => [part, name, recent, total])).toEqual([
      ['MQTT', 'Messages expired', 2, 3],
      ['Fleet', 'Authentications refused', 0, 900],
      ['MQTT', 'Messages dropped for full queues', 0, 12],
    ]);
  });

  it('ofTheSameName_AreToldApart', () => {
    const drops = dropsOf(activity({ mqtt: { total: { tooLarge: 1 }, recent: {} }, channels: { total: { tooLarge: 1 }, recent: {} } }));
    expect(new Set(drops.map(({ id }) => id)).size).toBe(2);
  });

  it.each([
    ['BrokerStatus.cs', mqttDrops, []],
    ['ChannelStatus.cs', channelDrops, ['records', 'bytes', 'commits', 'created', 'removed']],
    ['LegacyStatus.cs', legacyDrops, []],
  ])('everyDropThatTheRelayCounts_IsExplained_%s', (file, texts, others) => {
    expect([...Object.keys(texts), ...others].sort()).toEqual(counted(file).sort());
  });
});

describe('perSecond', () => {
  it('ofAMinute', () => expect(perSecond({ total: {}, recent: { records: 90 } }, 'records', 60)).toBe(1.5));
  it('whatDidNotHappen_IsZero', () => expect(perSecond({ total: {}, recent: {} }, 'records', 60)).toBe(0));
  it('beforeAnythingIsKnown_IsNothing', () => expect(perSecond({ total: {}, recent: {} }, 'records', 0)).toBeNull());
});
