import { describe, expect, it } from 'vitest';
import type { KeyRequest } from '@/api/types';
import { keyRows, nameOf } from '@/features/trust/keyRows';
import { makeSigningKey } from '@/trust/protocol/signingKey';
import { planTakeOver } from '@/trust/plans/takeOver';
import { clock, TestServer } from '../../trust/fleet';

const request = (fingerprint: string, acceptedAt: string | null): KeyRequest =>
  ({ id: '1', account: 'mira', key: '', fingerprint, principal: '', role: 'owner', createdAt: '', acceptedAt });

describe('the keys of a fleet', () => {
  it('areNamedByWhatTheyAreFor', async () => {
    const server = await TestServer.begin();
    await server.take(await planTakeOver(await server.trust(), await makeSigningKey(false), await makeSigningKey(false), clock()));
    const rows = await keyRows(await server.trust());
    const own = rows[2];
    expect(rows.map((row) => nameOf(row, [], null).name)).toEqual(['This server', 'Time key', 'An owner', 'Recovery key']);
    expect(rows.map(({ signsRoots, signsRosters }) => [signsRoots, signsRosters])).toEqual([[false, false], [false, false], [false, true], [true, true]]);
    expect(own && nameOf(own, [request(own.id, 'now')], own.id)).toEqual({ name: 'mira', hint: 'you, in this browser' });
    expect(own && nameOf(own, [request(own.id, null)], own.id)).toEqual({ name: 'You', hint: 'in this browser' });
  });

  it('ofAServersOwnFleet_AreTheServers', async () => {
    const rows = await keyRows(await (await TestServer.begin()).trust());
    expect(rows.map((row) => nameOf(row, [], null).name)).toEqual(['This server', 'Time key', 'Recovery key']);
  });
});
