import { describe, expect, it } from 'vitest';
import { toHex } from '@/trust/protocol/bytes';
import { readBundle, writeBundle } from '@/trust/protocol/bundle';
import { begin, type FleetTrust, type Judged, next, type Verdict } from '@/trust/protocol/fleetTrust';
import { readOrNull } from '@/trust/protocol/malformed';
import { readNotice, readNoticePayload } from '@/trust/protocol/notice';
import { readRoot, readRootPayload, rootPayload } from '@/trust/protocol/root';
import { readRoster, readRosterPayload, rosterPayload } from '@/trust/protocol/roster';
import { bytesOf, vectors } from '../vectors';

interface Document {
  why: string;
  payload: string;
  fingerprint: string;
  message: string;
}

interface Step {
  why: string;
  bundle: string;
  verdict: Verdict;
  trusts: { root: string; roster: string; server: string; notice: string } | null;
}

const file = vectors('trust') as {
  roots: Document[]; refusedRoots: Document[]; rosters: Document[]; refusedRosters: Document[]; notices: Document[]; refusedNotices: Document[];
  devices: { why: string; fingerprint: string; steps: Step[] }[];
};

describe('documents', () => {
  it.each(file.roots)('root: $why', async ({ payload, fingerprint, message }) => {
    const root = await readRoot(bytesOf(message));
    expect(root.fingerprint).toBe(fingerprint);
    expect(toHex(rootPayload(root.content))).toBe(payload);
  });

  it.each(file.rosters)('roster: $why', ({ payload, message }) => {
    expect(toHex(rosterPayload(readRoster(bytesOf(message)).content))).toBe(payload);
  });

  it.each(file.notices)('notice: $why', ({ payload, message }) => {
    expect(readNotice(bytesOf(message)).content).toEqual(readNoticePayload(bytesOf(payload)));
  });

  it.each(file.refusedRoots)('no root: $why', async ({ payload }) => expect(await readOrNull(() => readRootPayload(bytesOf(payload)))).toBeNull());
  it.each(file.refusedRosters)('no roster: $why', async ({ payload }) => expect(await readOrNull(() => readRosterPayload(bytesOf(payload)))).toBeNull());
  it.each(file.refusedNotices)('no notice: $why', async ({ payload }) => expect(await readOrNull(() => readNoticePayload(bytesOf(payload)))).toBeNull());
});

describe('what is brought to a device', () => {
  it.each(file.devices)('$why', async ({ fingerprint, steps }) => {
    let known: FleetTrust | null = null;
    for (const step of steps) {
      const judged: Judged = known === null ? await begin(bytesOf(step.bundle), fingerprint) : await next(known, bytesOf(step.bundle));
      known = judged.trust;
      expect(judged.verdict, step.why).toBe(step.verdict);
      expect(known && {
        root: known.root.version.toString(), roster: known.roster.version.toString(), server: known.server.id, notice: known.notice.number.toString(),
      }, step.why).toEqual(step.trusts);
    }
  });

  it('is written again as it was', async () => {
    const bundle = file.devices[0]?.steps[0]?.bundle ?? '';
    expect(toHex(writeBundle(await readBundle(bytesOf(bundle))))).toBe(bundle);
  });

  it('is refused in every part, and never with another error', async () => {
    const bundle = bytesOf(file.devices[0]?.steps[0]?.bundle ?? '');
    for (let length = 0; length < bundle.length; length++) {
      expect((await begin(bundle.slice(0, length), '00')).verdict).toBe('Malformed');
    }
  });
});
