import { type Bytes, toHex } from './protocol/bytes';
import { signCommand } from './protocol/command';
import { encodeArguments } from './protocol/commandArguments';
import type { FleetTrust } from './protocol/fleetTrust';
import { Refused } from './refused';
import type { Signer } from './signer';

const minute = 60_000;
const hour = 60 * minute;

/** The device's uptime is an estimate of the server's. */
const deadlineSlack = 5000;

/** How long it may wait when nobody says, whether twice does no harm, and whether it is bound to the boot that it is signed for. */
export const kinds: Record<string, { expiry: number; idempotent: boolean; bound: boolean }> = {
  ping: { expiry: 5 * minute, idempotent: true, bound: false },
  collect: { expiry: 5 * minute, idempotent: true, bound: false },
  'set-intervals': { expiry: 24 * hour, idempotent: true, bound: false },
  'restart-unit': { expiry: hour, idempotent: false, bound: true },
  reboot: { expiry: hour, idempotent: false, bound: true },
  'run-script': { expiry: hour, idempotent: false, bound: true },
  'gpio-set': { expiry: 5 * minute, idempotent: false, bound: true },
  'pwm-set': { expiry: 5 * minute, idempotent: false, bound: true },
  shell: { expiry: minute, idempotent: false, bound: true },
  app: { expiry: hour, idempotent: false, bound: true },
  'run-inline': { expiry: hour, idempotent: false, bound: true },
  cancel: { expiry: hour, idempotent: true, bound: false },
  'file-read': { expiry: 5 * minute, idempotent: true, bound: false },
  'file-write': { expiry: hour, idempotent: false, bound: true },
  'rotate-keys': { expiry: 24 * hour, idempotent: false, bound: true },
};

export interface Order {
  deviceId: string;
  type: string;
  args?: Record<string, unknown>;
  /** Its id, where that is known before; else it gets one. */
  id?: string;
  /** The arguments in CBOR, instead of `args`. */
  encoded?: Bytes;
  /** The device's running boot; null when it was never there. */
  boot: { id: string; uptimeMs: number } | null;
  /** The device only says whether it would run it. */
  dryRun?: boolean;
}

/** Signs a command as devices take it; `sequence` is above all that the key has used. */
export async function signOrder(signer: Signer & { by: 'browser' }, trust: FleetTrust, order: Order, sequence: bigint, now: number) {
  const kind = kinds[order.type];
  if (!kind) throw new RangeError(`There is no command ${order.type}.`);
  if (kind.bound && order.boot === null) throw new Refused('This command is bound to the device’s boot, and the device has not been there yet. Try again when it has connected.');
  return signCommand(signer.key, {
    id: order.id ?? toHex(crypto.getRandomValues(new Uint8Array(16))),
    issuer: signer.principal.id,
    sequence,
    target: { kind: 0, id: order.deviceId, rosterVersion: trust.roster.version },
    issuedAt: now,
    expiresAt: now + kind.expiry,
    freshness: kind.bound && order.boot ? { bootId: order.boot.id, uptimeDeadlineMs: BigInt(order.boot.uptimeMs + kind.expiry + deadlineSlack) } : null,
    idempotent: kind.idempotent,
    dryRun: order.dryRun ?? false,
    type: order.type,
    args: order.encoded ?? encodeArguments(order.type, order.args ?? {}),
  });
}
