import { describe, expect, it } from 'vitest';
import { toHex } from '@/trust/protocol/bytes';
import { commandPayload, isCommandSignedBy, readCommand, signCommand, signJointly } from '@/trust/protocol/command';
import { commandTypes, encodeArguments } from '@/trust/protocol/commandArguments';
import { readOrder, rootOf, sortMembers, writeOrder } from '@/trust/protocol/deviceSet';
import { kinds } from '@/trust/signedCommand';
import { readOrNull } from '@/trust/protocol/malformed';
import { bytesOf, publicKey, signingKey, vectors } from '../vectors';

interface Vector {
  why: string;
  cmdId: string;
  issuerId: string;
  issuerSeq: string;
  target: { kind: 0; id: string; rosterVersion: string } | { kind: 1; root: string; size: number; rosterVersion: string };
  issuedAt: number;
  expiresAt: number;
  freshness: { bootId: string; uptimeDeadlineMs: string } | null;
  idempotent: boolean;
  dryRun: boolean;
  type: string;
  args: string;
  payload: string;
  message: string;
}

interface SetVector {
  root: string;
  command: string;
  order: string;
  members: { device: string; freshness: { bootId: string; uptimeDeadlineMs: string } | null }[];
}

const file = vectors('command') as { accepted: Vector[]; joint: { payload: string; message: string }[]; sets: SetVector[]; refused: { why: string; message: string }[] };

describe('commands', () => {
  it.each(file.accepted)('are read and written: $why', async (vector) => {
    const command = readCommand(bytesOf(vector.message));
    expect(await isCommandSignedBy(command, publicKey('server'))).toBe(true);
    expect(command.content).toEqual({
      id: vector.cmdId,
      issuer: vector.issuerId,
      sequence: BigInt(vector.issuerSeq),
      target: { ...vector.target, rosterVersion: BigInt(vector.target.rosterVersion) },
      issuedAt: vector.issuedAt,
      expiresAt: vector.expiresAt,
      freshness: vector.freshness && { bootId: vector.freshness.bootId, uptimeDeadlineMs: BigInt(vector.freshness.uptimeDeadlineMs) },
      idempotent: vector.idempotent,
      dryRun: vector.dryRun,
      type: vector.type,
      args: bytesOf(vector.args),
    });
    expect(toHex(commandPayload(command.content))).toBe(vector.payload);
  });

  it.each(file.refused)('are refused: $why', async ({ message }) => {
    const command = await readOrNull(() => readCommand(bytesOf(message)));
    expect(command !== null && (await isCommandSignedBy(command, publicKey('server')))).toBe(false);
  });

  it.each(file.joint)('that several sign are read, and taken by each signer', async ({ payload, message }) => {
    const command = readCommand(bytesOf(message));
    expect(toHex(commandPayload(command.content))).toBe(payload);
    expect(await isCommandSignedBy(command, publicKey('server')) && await isCommandSignedBy(command, publicKey('device'))).toBe(true);
    const mine = readCommand(await signJointly(await signingKey('server'), bytesOf(payload)));
    expect(await isCommandSignedBy(mine, publicKey('server'))).toBe(true);
    expect(await isCommandSignedBy(mine, publicKey('device'))).toBe(false);
  });

  it.each(file.sets)('to a set of devices name its root: $root', async (vector) => {
    const { command, members } = readOrder(bytesOf(vector.order));
    expect(toHex(command)).toBe(vector.command);
    expect(toHex(writeOrder(command, members))).toBe(vector.order);
    expect(members).toEqual(vector.members.map(({ device, freshness }) => ({
      device, freshness: freshness && { bootId: freshness.bootId, uptimeDeadlineMs: BigInt(freshness.uptimeDeadlineMs) },
    })));
    expect(await rootOf(sortMembers(members.toReversed()))).toBe(vector.root);
    expect(readCommand(command).content.target).toMatchObject({ kind: 1, root: vector.root, size: members.length });
    expect(() => sortMembers([...members, ...members.slice(0, 1)])).toThrow(RangeError);
  });

  it('that are signed here verify', async () => {
    const { content } = readCommand(bytesOf(file.accepted[0]?.message ?? ''));
    const command = readCommand(await signCommand(await signingKey('server'), content));
    expect(command.content).toEqual(content);
    expect(await isCommandSignedBy(command, publicKey('server'))).toBe(true);
  });
});

describe('arguments', () => {
  it.each([
    ['ping', {}, '80'],
    ['collect', { collectors: ['cpu'] }, '818163637075'],
    ['set-intervals', { intervals: { cpu: 2000 } }, '818182636370751907d0'],
    ['restart-unit', { unit: 'a.service' }, '8169612e73657276696365'],
    ['run-script', { name: 'hello', arguments: ['ä'] }, '836568656c6c6f8162c3a4f6'],
    ['gpio-set', { name: 'lamp', value: true }, '83646c616d70f5f6'],
    ['gpio-set', { name: 'lamp', value: false, pulse: 500 }, '83646c616d70f41901f4'],
    ['pwm-set', { name: 'fan', duty: 0.5 }, '826366616e1901f4'],
    ['app', { name: 'x', arguments: [], payload: 'AQI=' }, '83617880420102'],
  ])('%s %j', (type, args, hex) => expect(toHex(encodeArguments(type, args))).toBe(hex));

  it.each([
    ['nothing', {}],
    ['restart-unit', {}],
    ['run-script', { name: 'x', arguments: [1] }],
    ['set-intervals', { intervals: { cpu: -1 } }],
    ['set-intervals', { intervals: { cpu: 0.5 } }],
    ['app', { name: 'x', payload: '*' }],
  ])('refuses %s %j', (type, args) => expect(() => encodeArguments(type, args)).toThrow(RangeError));
});

describe('arguments of the vectors', () => {
  const known = vectors('command-arguments') as {
    types: { type: string; expiresIn: number; idempotent: boolean; boundToBoot: boolean }[];
    accepted: { type: string; args: Record<string, unknown>; hex: string }[];
    refused: { type: string; args: Record<string, unknown> }[];
  };

  it('are of the types that can be sent', () => {
    expect([...commandTypes].sort()).toEqual(known.types.map(({ type }) => type).sort());
    // What opens a session has a page of its own, and no form.
    const { shell, push, pull, ...withForm } = kinds;
    expect([shell, push, pull]).not.toContain(undefined);
    expect(Object.fromEntries(known.types.map(({ type, expiresIn, idempotent, boundToBoot }) => [type, { expiry: expiresIn * 1000, idempotent, bound: boundToBoot }]))).toEqual(withForm);
  });

  it.each(known.accepted)('$type $args', ({ type, args, hex }) => expect(toHex(encodeArguments(type, args))).toBe(hex));

  it.each(known.refused)('refuses $type $args', ({ type, args }) => expect(() => encodeArguments(type, args)).toThrow(RangeError));
});
