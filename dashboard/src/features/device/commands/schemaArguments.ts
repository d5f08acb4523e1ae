import type { CommandType } from '@/api/types';
import { encodeArguments } from '@/trust/protocol/commandArguments';
import { toBase64 } from '@/trust/protocol/bytes';
import { splitArguments } from './commandText';

/** What stands in the fields of a form. */
export type Fields = Record<string, string | number | boolean | Uint8Array>;

/** The arguments that the fields make. What is optional and empty is left out. */
export function toArguments(type: CommandType, fields: Fields): { args: Record<string, unknown>; missing: boolean; problem: string | null } {
  const args: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(type.arguments.properties)) {
    const value = fields[name];
    if (value instanceof Uint8Array) args[name] = toBase64(value);
    else if (schema.type === 'array' && typeof value === 'string') args[name] = splitArguments(value);
    else if (schema.type === 'boolean') args[name] = value === true;
    else if (value !== undefined && value !== '') args[name] = value;
  }
  if (type.arguments.required.some((name) => !(name in args))) return { args, missing: true, problem: null };
  try {
    encodeArguments(type.type, args);
    return { args, missing: false, problem: null };
  } catch (error) {
    if (error instanceof RangeError) return { args, missing: false, problem: error.message };
    throw error;
  }
}
