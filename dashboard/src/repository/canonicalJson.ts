import { type Bytes, compareBytes } from '@/trust/protocol/bytes';
import { isArray, isObject, type Json } from './json';
import { utf8 } from './utf8';

/**
 * Canonical JSON of OLPC, over which metadata is signed: no white space, members ascending by the UTF-8 of their names, and in texts only `"` and `\` are
 * escaped, so that control characters stand as they are.
 */
export const canonicalJson = (value: Json): Bytes => utf8(canonicalText(value));

export function canonicalText(value: Json): string {
  if (typeof value === 'string') return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
  if (isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (!isObject(value)) return String(value);
  const members = [...value].map(([name, member]) => ({ name, order: utf8(name), member }));
  members.sort((a, b) => compareBytes(a.order, b.order));
  return `{${members.map(({ name, member }) => `${canonicalText(name)}:${canonicalText(member)}`).join(',')}}`;
}
