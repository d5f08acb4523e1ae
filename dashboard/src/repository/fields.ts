import { fromHex } from '@/trust/protocol/bytes';
import { Malformed } from '@/trust/protocol/malformed';
import { isArray, isObject, type Json, type JsonObject } from './json';
import { utf8 } from './utf8';

/** Members of metadata; what is missing or of another kind is Malformed, with its name. */
export function objectOf(value: JsonObject, name: string, max = Number.MAX_SAFE_INTEGER): JsonObject {
  const member = value.get(name);
  if (!isObject(member)) throw new Malformed(`${name} is missing, or no object.`);
  if (member.size > max) throw new Malformed(`${name} has more than ${max} members.`);
  return member;
}

export function listOf(value: JsonObject, name: string, max: number): readonly Json[] {
  const member = value.get(name);
  if (!isArray(member)) throw new Malformed(`${name} is missing, or no list.`);
  if (member.length > max) throw new Malformed(`${name} has more than ${max} items.`);
  return member;
}

export function textOf(value: JsonObject, name: string, maxBytes: number): string {
  const member = value.get(name);
  if (typeof member !== 'string' || member === '' || utf8(member).length > maxBytes) throw new Malformed(`${name} is missing, or no text of at most ${maxBytes} bytes.`);
  return member;
}

export function numberOf(value: JsonObject, name: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const member = value.get(name);
  if (typeof member !== 'number' || member < least || member > most) throw new Malformed(`${name} is missing, or no number of ${least} or more.`);
  return member;
}

/** Texts, none empty and none twice. */
export function textsOf(value: JsonObject, name: string, max: number, maxBytes: number): readonly string[] {
  const texts = listOf(value, name, max).map((item) => {
    if (typeof item !== 'string' || item === '' || utf8(item).length > maxBytes) throw new Malformed(`An item of ${name} is no text of at most ${maxBytes} bytes.`);
    return item;
  });
  if (new Set(texts).size !== texts.length) throw new Malformed(`An item of ${name} stands twice.`);
  return texts;
}

export function sha256Of(value: JsonObject, name: string): string {
  const text = textOf(value, name, 64);
  if (fromHex(text)?.length !== 32) throw new Malformed(`${name} is no SHA-256 in hexadecimal digits.`);
  return text;
}

/** Nothing besides these: what is not known here could not be shown, and would be signed all the same. */
export function requireOnly(value: JsonObject, names: readonly string[], what: string): void {
  const other = [...value.keys()].find((name) => !names.includes(name));
  if (other !== undefined) throw new Malformed(`${what} say more than this page can show (${other}).`);
}
