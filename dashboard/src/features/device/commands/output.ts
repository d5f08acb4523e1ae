import type { CommandOutput, LiveOutput, OutputPiece } from '@/api/types';
import { fromBase64 } from '@/trust/protocol/bytes';

/** What is shown of a command's output. */
export interface Output {
  parts: readonly OutputPart[];
  /** Bytes from the beginning that are known, or known to be missing. */
  next: number;
  ended: boolean;
  written: number | null;
  /** Bytes of a character whose rest has not come, for each source. */
  rest: Readonly<Record<OutputPiece['source'], readonly number[]>>;
}

export interface OutputPart {
  offset: number;
  source: OutputPiece['source'] | 'missing';
  text: string;
}

export const emptyOutput: Output = { parts: [], next: 0, ended: false, written: null, rest: { output: [], error: [] } };

/** Escape sequences of terminals (ECMA-48) and control characters but tab and line feed: nothing here is a terminal. */
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[ -/]*[0-~])|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** A carriage return alone begins the line again, as progress bars do: the last version of it stays. */
export const plain = (text: string): string => text.replaceAll('\r\n', '\n').replace(/[^\n]*\r(?=[^\n])/g, '').replace(escapes, '');

/** Adds what the server answered; of what is known already, nothing. */
export function withAnswer(output: Output, answer: CommandOutput): Output {
  const added = answer.items.reduce(withPiece, output);
  return { ...added, ended: answer.ended, written: answer.written ?? added.written };
}

/** Adds a piece that was just stored; null when what comes before it is not here: it must be asked for. */
export function withLive(output: Output, { piece, written }: LiveOutput): Output | null {
  if (piece.offset > output.next) return null;
  const added = piece.data === '' ? output : withPiece(output, piece);
  return written === null ? added : { ...added, ended: true, written };
}

function withPiece(output: Output, piece: OutputPiece): Output {
  const bytes = fromBase64(piece.data);
  if (bytes === null || piece.offset + bytes.length <= output.next) return output;
  const parts = [...output.parts];
  if (piece.offset > output.next) parts.push({ offset: output.next, source: 'missing', text: `${piece.offset - output.next} bytes are missing: the device could not keep them.` });
  const fresh = [...output.rest[piece.source], ...bytes.subarray(Math.max(0, output.next - piece.offset))];
  const whole = wholeCharacters(fresh);
  const text = new TextDecoder().decode(Uint8Array.from(fresh.slice(0, whole)));
  const last = parts.at(-1);
  if (last?.source === piece.source) parts[parts.length - 1] = { ...last, text: last.text + text };
  else parts.push({ offset: Math.max(piece.offset, output.next), source: piece.source, text });
  return { ...output, parts, next: piece.offset + bytes.length, rest: { ...output.rest, [piece.source]: fresh.slice(whole) } };
}

/** How many bytes can be decoded now: a character of UTF-8 may come in two pieces. */
function wholeCharacters(bytes: readonly number[]): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** All of it, to be copied. */
export const textOf = (output: Output): string => output.parts.filter(({ source }) => source !== 'missing').map(({ text }) => plain(text)).join('');
