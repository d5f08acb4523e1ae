import { type Bytes, toHex } from './protocol/bytes';
import { type CommandContent, commandPayload, signCommand, signJointly, type Target } from './protocol/command';
import { encodeArguments } from './protocol/commandArguments';
import { type Freshness, rootOf, type SetMember, sortMembers, writeOrder } from './protocol/deviceSet';
import type { FleetTrust } from './protocol/fleetTrust';
import { Refused } from './refused';
import type { Signer } from './signer';

const minute = 60_000;
const hour = 60 * minute;

/** How long others have to sign it. */
const proposalExpiry = 24 * hour;

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
  push: { expiry: minute, idempotent: false, bound: true },
  pull: { expiry: minute, idempotent: false, bound: true },
  app: { expiry: hour, idempotent: false, bound: true },
  'run-inline': { expiry: hour, idempotent: false, bound: true },
  cancel: { expiry: hour, idempotent: true, bound: false },
  'file-read': { expiry: 5 * minute, idempotent: true, bound: false },
  'file-write': { expiry: hour, idempotent: false, bound: true },
  packages: { expiry: hour, idempotent: false, bound: true },
  update: { expiry: 7 * 24 * hour, idempotent: true, bound: false },
  'desired-set': { expiry: 24 * hour, idempotent: true, bound: false },
  'rotate-keys': { expiry: 24 * hour, idempotent: false, bound: true },
};

type BrowserSigner = Signer & { by: 'browser' };

/** A running boot as the server tells it; null when the device was never there. */
export type Boot = { id: string; uptimeMs: number } | null;

export interface Order {
  deviceId: string;
  type: string;
  args?: Record<string, unknown>;
  /** Its id, where that is known before; else it gets one. */
  id?: string;
  /** The arguments in CBOR, instead of `args`. */
  encoded?: Bytes;
  boot: Boot;
  /** The device only says whether it would run it. */
  dryRun?: boolean;
}

export interface SetOrder extends Omit<Order, 'deviceId' | 'boot'> {
  devices: readonly { id: string; boot: Boot }[];
}

export const isBound = (type: string) => kindOf(type).bound;

/** Signs a command as devices take it; `sequence` is above all that the key has used. */
export async function signOrder(signer: BrowserSigner, trust: FleetTrust, order: Order, sequence: bigint, now: number): Promise<Bytes> {
  const expiry = expiryOf(signer, order.type, now);
  const freshness = freshnessOf(order.type, order.boot, expiry);
  if (isBound(order.type) && freshness === null) {
    throw new Refused('This command is bound to the device’s boot, and the device has not been there yet. Try again when it has connected.');
  }
  return sign(signer, contentOf(signer, order, { kind: 0, id: order.deviceId, rosterVersion: trust.roster.version }, freshness, expiry, sequence, now));
}

/**
 * Signs one command for all of the devices, and puts it together with them as the server takes it. Devices whose boot is not known are left
 * out where the command has to be bound to one.
 */
export async function signSetOrder(signer: BrowserSigner, trust: FleetTrust, order: SetOrder, sequence: bigint, now: number): Promise<Bytes> {
  const expiry = expiryOf(signer, order.type, now);
  const members = order.devices.flatMap(({ id, boot }): SetMember[] => {
    const freshness = freshnessOf(order.type, boot, expiry);
    return isBound(order.type) && freshness === null ? [] : [{ device: id, freshness }];
  });
  if (members.length === 0) throw new Refused('There is no device that it could be signed for: none has been there since it was added.');
  const sorted = sortMembers(members);
  const target: Target = { kind: 1, root: await rootOf(sorted), size: sorted.length, rosterVersion: trust.roster.version };
  return writeOrder(await sign(signer, contentOf(signer, order, target, null, expiry, sequence, now)), sorted);
}

/** A proposal for one device, as the server takes it. */
export const orderOfOne = (command: Bytes) => writeOrder(command, []);

const sign = (signer: BrowserSigner, content: CommandContent) =>
  (signer.needed > 1 ? signJointly(signer.key, commandPayload(content)) : signCommand(signer.key, content));

function contentOf(
  signer: BrowserSigner, order: Pick<Order, 'id' | 'type' | 'args' | 'encoded' | 'dryRun'>, target: Target, freshness: Freshness | null, expiry: number, sequence: bigint, now: number,
): CommandContent {
  return {
    id: order.id ?? toHex(crypto.getRandomValues(new Uint8Array(16))),
    issuer: signer.principal.id,
    sequence,
    target,
    issuedAt: now,
    expiresAt: now + expiry,
    freshness,
    idempotent: kindOf(order.type).idempotent,
    dryRun: order.dryRun ?? false,
    type: order.type,
    args: order.encoded ?? encodeArguments(order.type, order.args ?? {}),
  };
}

/** Until others have signed, and until the maintenance window is over that it waits for. */
function expiryOf(signer: BrowserSigner, type: string, now: number): number {
  const usual = Math.max(kindOf(type).expiry, signer.needed > 1 ? proposalExpiry : 0);
  return signer.waitsUntil === null ? usual : Math.max(usual, signer.waitsUntil - now);
}

const freshnessOf = (type: string, boot: Boot, expiry: number): Freshness | null => (isBound(type) && boot
  ? { bootId: boot.id, uptimeDeadlineMs: BigInt(boot.uptimeMs + expiry + deadlineSlack) }
  : null);

function kindOf(type: string) {
  const kind = kinds[type];
  if (!kind) throw new RangeError(`There is no command ${type}.`);
  return kind;
}
