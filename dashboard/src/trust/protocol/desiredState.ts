import { fromBase64 } from './bytes';
import type { CborWriter } from './cborWriter';

/** What a device is to be like, as the arguments of desired-set are written (messaging/spec/protocol.md, section 26). */
export const desiredNames = ['version', 'settings', 'files', 'units', 'app'] as const;

const maxProperties = 128;
const maxNameBytes = 128;
const maxPathBytes = 1024;
const maxUnitBytes = 255;
const maxSettingBytes = 1024;
const maxValueBytes = 256;
const maxFileBytes = 48 * 1024;
const maxArgumentBytes = 64 * 1024;
const defaultMode = 0o644;

/** Within these, C# and JavaScript write a number with the same digits. */
const numberBound = 1e15;
const numberLeast = 1e-4;

const settingPattern = /^[A-Za-z0-9._-][A-Za-z0-9:._-]*:[A-Za-z0-9:._-]*[A-Za-z0-9._-]$/;
const appPattern = /^[A-Za-z][A-Za-z0-9._-]*$/;
const unitPattern = /^[A-Za-z0-9:_\\@-][A-Za-z0-9:._\\@-]*\.[A-Za-z0-9:._\\@-]*[A-Za-z0-9:_\\@-]$/;

type Args = Record<string, unknown>;

/** @throws RangeError that names what is wrong. */
export function writeDesired(args: Args, writer: CborWriter): void {
  const { version } = args;
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) throw new RangeError('version is no whole number from 1.');
  const settings = members(args, 'settings');
  const files = members(args, 'files');
  const units = names(args);
  const app = members(args, 'app');
  if (settings.length + files.length + units.length + app.length > maxProperties) throw new RangeError(`There are more than ${maxProperties} properties.`);
  writer.array(5).uint(version);
  writer.list(settings, maxProperties, ([key, value]) => {
    if (!settingPattern.test(key)) throw new RangeError(`settings.${key}: a setting is named Section:Key.`);
    writer.array(2).text(key, maxNameBytes).text(clean(value, `settings.${key}`), maxSettingBytes);
  });
  writer.list(files, maxProperties, ([path, value]) => writeFile(path, value, writer));
  writer.list(units, maxProperties, (unit) => writer.text(unit, maxUnitBytes));
  writer.list(app, maxProperties, ([name, value]) => {
    if (!appPattern.test(name)) throw new RangeError(`app.${name}: a value is named like pump.speed.`);
    const [kind, text] = appValue(value, `app.${name}`);
    writer.array(2).text(name, maxNameBytes).array(2).uint(kind).text(text, maxValueBytes);
  });
  if (writer.length > maxArgumentBytes) throw new RangeError(`A desired state has at most ${maxArgumentBytes} bytes.`);
}

/** The commands that do by themselves what this does: whoever signs it must be one who may have them run. */
export function standsFor(type: string, args: Args): string[] {
  if (type !== 'desired-set') return [];
  const has = (name: string) => Object.keys((args[name] ?? {})).length > 0;
  return [['settings', 'set-intervals'], ['files', 'file-write'], ['units', 'restart-unit'], ['app', 'app']].flatMap(([name = '', stands = '']) => (has(name) ? [stands] : []));
}

function writeFile(path: string, value: unknown, writer: CborWriter): void {
  const parts = path.split('/').slice(1);
  if (!path.startsWith('/') || clean(path, path) !== path || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new RangeError(`files.${path}: a file is named by an absolute path, without . and ..`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RangeError(`files.${path}: a file is an object with content and mode.`);
  const stray = Object.keys(value).find((name) => name !== 'content' && name !== 'mode');
  if (stray !== undefined) throw new RangeError(`files.${path}.${stray}: a file has content and mode, and nothing else.`);
  const { content, mode = defaultMode } = value as { content?: unknown; mode?: unknown };
  const bytes = typeof content === 'string' ? fromBase64(content) : null;
  if (bytes === null || bytes.length > maxFileBytes) throw new RangeError(`files.${path}.content: at most ${maxFileBytes} bytes in base64.`);
  if (typeof mode !== 'number' || !Number.isSafeInteger(mode) || mode < 0 || mode > 0o777) throw new RangeError(`files.${path}.mode: a whole number from 0 to 511; 420 is 0644.`);
  writer.array(3).text(path, maxPathBytes).uint(mode).bytes(bytes);
}

function appValue(value: unknown, place: string): [number, string] {
  if (typeof value === 'boolean') return [2, String(value)];
  if (typeof value === 'string') return [0, clean(value, place)];
  if (typeof value === 'number') {
    if (value === 0) return [1, '0'];
    if (Math.abs(value) >= numberLeast && Math.abs(value) < numberBound) return [1, String(value)];
  }
  throw new RangeError(`${place}: true, false, a text, or a number: 0, or from 0.0001 to below 10^15.`);
}

/** By their bytes of UTF-8, as they stand on the wire. */
function byBytes(left: string, right: string): number {
  const [a, b] = [new TextEncoder().encode(left), new TextEncoder().encode(right)];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function members(args: Args, name: string): [string, unknown][] {
  const value = args[name] ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new RangeError(`${name} is no object.`);
  return Object.entries(value).sort(([left], [right]) => byBytes(left, right));
}

function names(args: Args): string[] {
  const value = args['units'] ?? [];
  if (!Array.isArray(value)) throw new RangeError('units is no list of names.');
  const units = value.map((unit): string => {
    if (typeof unit !== 'string' || !unitPattern.test(unit)) throw new RangeError(`units: ${JSON.stringify(unit)} is no name of a unit, such as nginx.service.`);
    return unit;
  });
  if (new Set(units).size !== units.length) throw new RangeError('units has a name twice.');
  return units.sort(byBytes);
}

function clean(value: unknown, place: string): string {
  if (typeof value !== 'string' || /\p{Cc}/u.test(value)) throw new RangeError(`${place} is no text, or has control characters.`);
  return value;
}
