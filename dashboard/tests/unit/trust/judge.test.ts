import { beforeEach, describe, expect, it } from 'vitest';
import { writeBundle } from '@/trust/protocol/bundle';
import { makeSigningKey } from '@/trust/protocol/signingKey';
import { judge } from '@/trust/judge';
import { planTakeOver } from '@/trust/plans/takeOver';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import { clock, fleetId, TestServer } from './fleet';

let server: TestServer;
beforeEach(async () => { server = await TestServer.begin(); });

const memory = (trust: FleetTrust) => ({ fingerprint: trust.rootFingerprint, bundle: writeBundle(trust.bundle) });
const takeOver = async (of: TestServer) => of.take(await planTakeOver(await of.trust(), await makeSigningKey(false), await makeSigningKey(false), clock()));

describe('what the server shows', () => {
  it('is believed at first sight, when it proves itself', async () => {
    expect(await judge(server.bytes, null)).toMatchObject({ kind: 'good', news: true, older: false });
    const bytes = server.bytes.slice();
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(await judge(bytes, null)).toMatchObject({ kind: 'alarm', known: null, verdict: 'NoticeNotSigned' });
    expect(await judge(new Uint8Array([1]), null)).toMatchObject({ kind: 'alarm', verdict: 'Malformed', otherFleet: false });
  });

  it('is taken when it follows', async () => {
    const known = memory(await server.trust());
    expect(await judge(server.bytes, known)).toMatchObject({ kind: 'good', news: false });
    await takeOver(server);
    expect(await judge(server.bytes, known)).toMatchObject({ kind: 'good', news: true, shownRoot: 2n });
  });

  it('that is older than what was seen does not count, and is said to be', async () => {
    const before = server.bytes;
    await takeOver(server);
    const judgement = await judge(before, memory(await server.trust()));
    expect(judgement).toMatchObject({ kind: 'good', older: true, shownRoot: 1n });
    expect(judgement.kind === 'good' && judgement.trust.root.version).toBe(2n);
  });

  it('of another fleet is an alarm', async () => {
    const other = await TestServer.begin('ffeeddccbbaa99887766554433221100');
    expect(await judge(other.bytes, memory(await server.trust()))).toMatchObject({ kind: 'alarm', otherFleet: true });
  });

  it('with another root of the same name is an alarm', async () => {
    const pretender = await TestServer.begin(fleetId);
    const known = memory(await server.trust());
    expect(await judge(pretender.bytes, known)).toMatchObject({ kind: 'alarm', verdict: 'UnknownRoot', otherFleet: false });
    await takeOver(pretender);
    expect(await judge(pretender.bytes, known)).toMatchObject({ kind: 'alarm', verdict: 'UnknownRoot' });
  });

  it('is not held against what is damaged here', async () => {
    const known = memory(await server.trust());
    await expect(judge(server.bytes, { ...known, bundle: known.bundle.slice(1) })).rejects.toThrow(/is damaged/);
  });
});
