import { type Bytes, fromBase64, fromHex } from './bytes';
import { CborWriter } from './cborWriter';
import { desiredNames, writeDesired } from './desiredState';

const maxPayloadBytes = 32 * 1024;
const maxBodyBytes = 32 * 1024;
const maxFileBytes = 48 * 1024;
const maxPathBytes = 4096;
const maxOutputBytes = 16 * 1024 * 1024;
const mib = 1024 * 1024;
const maxPackageBytes = 128;
const packageActions = ['install', 'remove', 'upgrade', 'refresh'];
const day = 24 * 3_600_000;

const updateKeyBytes = 32;

/** Seconds. */
const week = 7 * 86_400;

/** What is written of a file when nobody says: 0644. */
const defaultMode = 0o644;

type Args = Record<string, unknown>;

/** How a type's arguments look on the wire, from the names that the server's API has for them (docs/reference/api.md). */
interface Encoder {
  names: readonly string[];
  write: (args: Args, writer: CborWriter) => void;
}

const none: Encoder = { names: [], write: (_, writer) => writer.array(0) };
const limitNames = ['timeout', 'memory', 'processes', 'cpu', 'outputBytes'];

const encoders: Record<string, Encoder> = {
  ping: none,
  reboot: none,
  'rotate-keys': none,
  collect: { names: ['collectors'], write: (args, writer) => writer.array(1).texts(texts(args, 'collectors').map(notEmpty), 64, 64) },
  'set-intervals': {
    names: ['intervals'],
    write: (args, writer) => {
      const intervals = Object.entries(args['intervals'] ?? {}) as [string, unknown][];
      if (intervals.length === 0) throw new RangeError('intervals is missing.');
      writer.array(1).list(intervals, 64, ([name, ms]) => writer.array(2).text(notEmpty(name), 64).uint(whole(ms, name, 0, day)));
    },
  },
  'restart-unit': { names: ['unit'], write: (args, writer) => writer.array(1).text(text(args, 'unit'), 255) },
  'run-script': {
    names: ['name', 'arguments', ...limitNames],
    write: (args, writer) => {
      writer.array(3).text(text(args, 'name'), 128).texts(texts(args, 'arguments'), 64, 4096);
      limits(args, writer);
    },
  },
  'run-inline': {
    names: ['interpreter', 'body', 'arguments', ...limitNames],
    write: (args, writer) => {
      const body = new TextEncoder().encode(text(args, 'body'));
      if (body.length > maxBodyBytes) throw new RangeError(`The script has more than ${maxBodyBytes} bytes.`);
      writer.array(4).text(text(args, 'interpreter'), 256).bytes(body).texts(texts(args, 'arguments'), 64, 4096);
      limits(args, writer);
    },
  },
  cancel: {
    names: ['command'],
    write: (args, writer) => {
      const id = fromHex(text(args, 'command'));
      if (id?.length !== 16) throw new RangeError('command is no id of a command.');
      writer.array(1).bytes(id);
    },
  },
  'file-read': {
    names: ['path', 'offset', 'length'],
    write: (args, writer) => writer.array(3).text(text(args, 'path'), maxPathBytes)
      .uint(wholeOr(args, 'offset', 0, 2 ** 40, 0)).uint(wholeOr(args, 'length', 1, maxFileBytes, maxFileBytes)),
  },
  'file-write': {
    names: ['path', 'content', 'mode', 'expected'],
    write: (args, writer) => {
      if (typeof args['content'] !== 'string') throw new RangeError('content is missing.');
      writer.array(4).text(text(args, 'path'), maxPathBytes).uint(wholeOr(args, 'mode', 0, 0o777, defaultMode)).bytes(base64(args, 'content', maxFileBytes));
      const expected = args['expected'] ?? null;
      if (expected === null) {
        writer.null();
        return;
      }
      const hash = typeof expected === 'string' ? fromHex(expected) : null;
      if (hash?.length !== 0 && hash?.length !== 32) throw new RangeError('expected is no SHA-256.');
      writer.bytes(hash);
    },
  },
  packages: {
    names: ['action', 'packages', 'allowDowngrade', 'recommends', 'timeout', 'outputBytes'],
    write: (args, writer) => {
      const action = packageActions.indexOf(text(args, 'action'));
      if (action < 0) throw new RangeError(`action is one of: ${packageActions.join(', ')}.`);
      const [downgrade, recommends] = [flag(args, 'allowDowngrade'), flag(args, 'recommends')];
      const named = texts(args, 'packages').map(packageOf);
      if (action === 3 && (named.length > 0 || downgrade || recommends)) throw new RangeError('refresh takes no packages, and nothing about them.');
      if (action < 2 && named.length === 0) throw new RangeError('Which packages?');
      if (action !== 0 && (downgrade || named.some(([, version]) => version !== null))) throw new RangeError('A version, or a lower one, is for install.');
      writer.array(5).uint(action).list(named, 64, ([name, version]) => {
        writer.array(2).text(name, maxPackageBytes);
        if (version === null) writer.null();
        else writer.text(version, maxPackageBytes);
      });
      writer.boolean(downgrade).boolean(recommends);
      limits(args, writer);
    },
  },
  'gpio-set': {
    names: ['name', 'value', 'pulse'],
    write: (args, writer) => {
      const { value } = args;
      if (typeof value !== 'boolean') throw new RangeError('value is neither true nor false.');
      writer.array(3).text(text(args, 'name'), 64).boolean(value).uintOrNull(wholeOrNull(args, 'pulse', 1, 3_600_000));
    },
  },
  'pwm-set': {
    names: ['name', 'duty'],
    write: (args, writer) => writer.array(2).text(text(args, 'name'), 64).uint(permille(args['duty'], 'duty', 0, 1)),
  },
  app: {
    names: ['name', 'arguments', 'payload'],
    write: (args, writer) => writer.array(3).text(text(args, 'name'), 128).texts(texts(args, 'arguments'), 64, 4096).bytes(base64(args, 'payload', maxPayloadBytes)),
  },
  update: {
    names: ['target', 'length', 'sha256', 'key', 'mirrors', 'seconds', 'spread'],
    write: (args, writer) => {
      const [sha256, key, mirrors] = [fromHex(text(args, 'sha256')), base64(args, 'key', updateKeyBytes), texts(args, 'mirrors').map(mirrorOf)];
      if (sha256?.length !== 32) throw new RangeError('sha256 is no SHA-256.');
      if (key.length !== 0 && key.length !== updateKeyBytes) throw new RangeError(`key has not ${updateKeyBytes} bytes.`);
      const [seconds, spread] = [wholeOr(args, 'seconds', 60, 365 * 86_400, week), wholeOr(args, 'spread', 0, week, 0)];
      if (spread >= seconds) throw new RangeError('The spread is not below the time that devices have.');
      writer.array(7).text(targetOf(text(args, 'target')), 1024).uint(whole(args['length'], 'length', 0, 2 ** 40)).bytes(sha256);
      if (key.length === 0) writer.null();
      else writer.bytes(key);
      writer.texts(mirrors, 8, 512).uint(seconds).uint(spread);
    },
  },
  'desired-set': { names: desiredNames, write: writeDesired },
};

/** The types that can be sent. */
export const commandTypes: readonly string[] = Object.keys(encoders);

/** @throws RangeError when they are none of this type. */
export function encodeArguments(type: string, args: Args): Bytes {
  const encoder = encoders[type];
  if (!encoder) throw new RangeError(`There is no command ${type}.`);
  const stray = Object.keys(args).find((name) => !encoder.names.includes(name));
  if (stray !== undefined) throw new RangeError(`${type} has no argument ${stray}.`);
  const writer = new CborWriter();
  encoder.write(args, writer);
  return writer.finish();
}

/** How much a script may take: null when nothing is asked for. */
function limits(args: Args, writer: CborWriter): void {
  const asked = [
    wholeOrNull(args, 'timeout', 1, 7 * 24 * 3600),
    wholeOrNull(args, 'memory', mib, mib ** 2),
    wholeOrNull(args, 'processes', 1, 4_194_304),
    (args['cpu'] ?? null) === null ? null : permille(args['cpu'], 'cpu', 0.001, 256),
    wholeOrNull(args, 'outputBytes', 0, maxOutputBytes),
  ];
  if (asked.every((one) => one === null)) {
    writer.null();
    return;
  }
  writer.array(asked.length);
  for (const one of asked) writer.uintOrNull(one);
}

function text(args: Args, name: string): string {
  const value = args[name];
  if (typeof value !== 'string' || value === '') throw new RangeError(`${name} is missing.`);
  return withoutNul(value);
}

function notEmpty(value: string): string {
  if (value === '') throw new RangeError('A name is empty.');
  return value;
}

function withoutNul(value: string): string {
  if (value.includes('\0')) throw new RangeError('A text has a NUL.');
  return value;
}

function texts(args: Args, name: string): string[] {
  const value = args[name] ?? [];
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) throw new RangeError(`${name} is no list of texts.`);
  return value.map(withoutNul);
}

function flag(args: Args, name: string): boolean {
  const value = args[name] ?? false;
  if (typeof value !== 'boolean') throw new RangeError(`${name} is neither true nor false.`);
  return value;
}

/** A name, or name=version, as Debian Policy has them (5.6.7, 5.6.12). */
function packageOf(value: string): [string, string | null] {
  const match = /^([a-z0-9][a-z0-9+.-]*[a-z0-9+.])(?:=((?:[0-9]+:)?[0-9](?:[A-Za-z0-9.+~-]*[A-Za-z0-9.+~])?))?$/.exec(value);
  const [, name, version = null] = match ?? [];
  if (name === undefined) throw new RangeError(`${value} is no package: a name, or name=version.`);
  return [name, version];
}

/** A path in a repository: relative, of parts that are neither empty nor . nor .. */
function targetOf(path: string): string {
  if (/[\u0000-\u001f\u007f-\u009f\\]/.test(path) || path.split('/').some((part) => part === '' || part === '.' || part === '..')) throw new RangeError(`${path} is no target of a repository.`);
  return path;
}

/** The address of a copy of a repository. */
function mirrorOf(address: string): string {
  const url = /^[!-~]+$/.test(address) && !/[?#\\]/.test(address) && URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') throw new RangeError(`${address} is no address of a mirror: http or https, without a user, a query and a fragment.`);
  return address;
}

function base64(args: Args, name: string, max: number): Bytes {
  const value = args[name] ?? '';
  const bytes = typeof value === 'string' ? fromBase64(value) : null;
  if (bytes === null || bytes.length > max) throw new RangeError(`The ${name} is no base64, or has more than ${max} bytes.`);
  return bytes;
}

function whole(value: unknown, name: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) throw new RangeError(`${name} is no whole number from ${min} to ${max}.`);
  return value;
}

const wholeOrNull = (args: Args, name: string, min: number, max: number) => ((args[name] ?? null) === null ? null : whole(args[name], name, min, max));
const wholeOr = (args: Args, name: string, min: number, max: number, otherwise: number) => wholeOrNull(args, name, min, max) ?? otherwise;

function permille(value: unknown, name: string, min: number, max: number): number {
  if (typeof value !== 'number' || !(value >= min && value <= max)) throw new RangeError(`${name} is no number from ${min} to ${max}.`);
  return Math.round(value * 1000);
}
