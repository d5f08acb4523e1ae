import { type Bytes, fromBase64 } from './bytes';
import { CborWriter } from './cborWriter';

const maxPayloadBytes = 32 * 1024;

/** How a type's arguments look on the wire, from the names that the server's API has for them (docs/reference/api.md). */
type Encode = (args: Record<string, unknown>, writer: CborWriter) => void;

const none: Encode = (_, writer) => writer.array(0);

const encoders: Record<string, Encode> = {
  ping: none,
  reboot: none,
  'rotate-keys': none,
  collect: (args, writer) => writer.array(1).texts(texts(args, 'collectors'), 64, 64),
  'set-intervals': (args, writer) => {
    const intervals = Object.entries(args['intervals'] ?? {}) as [string, unknown][];
    writer.array(1).list(intervals, 64, ([name, ms]) => writer.array(2).text(name, 64).uint(whole(ms, name)));
  },
  'restart-unit': (args, writer) => writer.array(1).text(text(args, 'unit'), 255),
  'run-script': (args, writer) => writer.array(2).text(text(args, 'name'), 128).texts(texts(args, 'arguments'), 64, 4096),
  'gpio-set': (args, writer) => {
    const pulse = args['pulse'] ?? null;
    writer.array(3).text(text(args, 'name'), 64).boolean(args['value'] === true).uintOrNull(pulse === null ? null : whole(pulse, 'pulse'));
  },
  'pwm-set': (args, writer) => writer.array(2).text(text(args, 'name'), 64).uint(whole(Math.round(Number(args['duty']) * 1000), 'duty')),
  app: (args, writer) => {
    const payload = fromBase64(typeof args['payload'] === 'string' ? args['payload'] : '');
    if (payload === null || payload.length > maxPayloadBytes) throw new RangeError(`The payload is no base64, or has more than ${maxPayloadBytes} bytes.`);
    writer.array(3).text(text(args, 'name'), 128).texts(texts(args, 'arguments'), 64, 4096).bytes(payload);
  },
};

/** @throws RangeError when they are none of this type. */
export function encodeArguments(type: string, args: Record<string, unknown>): Bytes {
  const encode = encoders[type];
  if (!encode) throw new RangeError(`There is no command ${type}.`);
  const writer = new CborWriter();
  encode(args, writer);
  return writer.finish();
}

function text(args: Record<string, unknown>, name: string): string {
  const value = args[name];
  if (typeof value !== 'string' || value === '') throw new RangeError(`${name} is missing.`);
  return value;
}

function texts(args: Record<string, unknown>, name: string): string[] {
  const value = args[name] ?? [];
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) throw new RangeError(`${name} is no list of texts.`);
  return value;
}

function whole(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name} is no whole number.`);
  return value;
}
