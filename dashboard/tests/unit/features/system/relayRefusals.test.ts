import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { otherCounters, relayRefusals } from '@/features/system/relayRefusals';

const source = readFileSync('../relay/Counters/RelayCounter.cs', 'utf8');
const known = [...source.matchAll(/^ {4}([A-Z]\w+),$/gm)].map(([, name]) => (name ?? '').charAt(0).toLowerCase() + (name ?? '').slice(1));

describe('relayRefusals', () => {
  it('counted_IsExplained_NeverHappened_IsLeftOut', () => {
    const refusals = relayRefusals({ authenticationsRefused: 3, malformedPackets: 0, messagesUp: 12 });
    expect(refusals.map(({ id, count }) => [id, count])).toEqual([['authenticationsRefused', 3]]);
    expect(refusals[0]?.meaning).toContain('prove who they are');
  });

  it('everyCounterOfTheRelayThatIsAboutRefusing_IsExplained', () => {
    const refusing = known.filter((name) => /refused|violations|malformed|oversized|replayed|timeouts|cut$|unheard|heldOff|tooLarge|unavailable/i.test(name));
    expect(refusing.length).toBeGreaterThan(8);
    expect(relayRefusals(Object.fromEntries(refusing.map((name) => [name, 1]))).map(({ id }) => id).sort()).toEqual(refusing.sort());
  });
});

describe('otherCounters', () => {
  it('theRest_ByName', () => expect(Object.keys(otherCounters({ messagesUp: 1, bytesUp: 2, malformedPackets: 3 }))).toEqual(['bytesUp', 'messagesUp']));
});
