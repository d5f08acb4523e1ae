import { Malformed } from '@/trust/protocol/malformed';
import { maxDepth, maxTextBytes, maxValues } from './limits';
import { utf8 } from './utf8';

/** Everything that came, known or not: signatures are over all of it. Integers are the only numbers. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = ReadonlyMap<string, Json>;

export const isObject = (value: Json | undefined): value is JsonObject => value instanceof Map;
export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/**
 * The strict reader of metadata: RFC 8259 without a byte order mark, fractions, exponents, `-0`, lone surrogates and names that stand twice. The browser's own
 * takes all of these, so that what is shown could be another thing than what is signed.
 */
export function parseJson(bytes: Uint8Array): Json {
  return new Reader(decode(bytes)).whole();
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new Malformed('It is not UTF-8.');
    throw error;
  }
}

const integer = /-?(?:0|[1-9][0-9]*)/y;
const plain = /[^"\\\u0000-\u001f]*/y;
const space = /[ \t\n\r]*/y;
const escapes: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

class Reader {
  private at = 0;
  private left = maxValues;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  whole(): Json {
    const value = this.value(1);
    if (this.at !== this.text.length) throw new Malformed('Something follows the object.');
    return value;
  }

  private value(depth: number): Json {
    this.take(space);
    if (--this.left < 0) throw new Malformed(`There are more than ${maxValues} values.`);
    const first = this.text[this.at];
    const value = first === '{' ? this.object(depth) : first === '[' ? this.array(depth) : first === '"' ? this.string() : this.word();
    this.take(space);
    return value;
  }

  private object(depth: number): JsonObject {
    const members = new Map<string, Json>();
    this.each('}', depth, () => {
      this.take(space);
      const name = this.string();
      if (members.has(name)) throw new Malformed('A name stands twice in an object.');
      this.take(space);
      this.expect(':');
      members.set(name, this.value(depth + 1));
    });
    return members;
  }

  private array(depth: number): Json[] {
    const items: Json[] = [];
    this.each(']', depth, () => items.push(this.value(depth + 1)));
    return items;
  }

  private each(close: string, depth: number, read: () => void): void {
    if (depth > maxDepth) throw new Malformed(`More than ${maxDepth} values are nested.`);
    this.at++;
    this.take(space);
    if (this.text[this.at] === close) {
      this.at++;
      return;
    }
    for (;;) {
      read();
      if (this.text[this.at] === close) break;
      this.expect(',');
    }
    this.at++;
  }

  private string(): string {
    this.expect('"');
    const start = this.at;
    let text = '';
    for (;;) {
      text += this.take(plain);
      if (this.text[this.at] !== '\\') break;
      text += this.escaped();
    }
    if (this.at - start > maxTextBytes || utf8(text).length > maxTextBytes) throw new Malformed(`A text has more than ${maxTextBytes} bytes.`);
    if (/\p{Surrogate}/u.test(text)) throw new Malformed('A text has a lone surrogate.');
    this.expect('"');
    return text;
  }

  private escaped(): string {
    const letter = this.text[this.at + 1] ?? '';
    const digits = this.text.slice(this.at + 2, this.at + 6);
    const text = letter === 'u' && /^[0-9A-Fa-f]{4}$/.test(digits) ? String.fromCharCode(Number.parseInt(digits, 16)) : escapes[letter];
    if (text === undefined) throw new Malformed('An escape is none.');
    this.at += letter === 'u' ? 6 : 2;
    return text;
  }

  private word(): Json {
    const digits = this.take(integer);
    if (digits === '') return this.constant();
    const number = Number(digits);
    if (!Number.isSafeInteger(number) || digits === '-0' || /[.eE]/.test(this.text[this.at] ?? '')) throw new Malformed('A number is no integer of at most 53 bits.');
    return number;
  }

  private constant(): Json {
    for (const [word, value] of [['true', true], ['false', false], ['null', null]] as const) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    throw new Malformed(`It is no JSON from character ${this.at} on.`);
  }

  private expect(character: string): void {
    if (this.text[this.at] !== character) throw new Malformed(`It is no JSON from character ${this.at} on.`);
    this.at++;
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }
}
