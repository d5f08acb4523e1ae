import type { Bytes } from '@/trust/protocol/bytes';
import { CborWriter } from '@/trust/protocol/cborWriter';
import { idOf } from '@/trust/protocol/fields';

const maxTerminalBytes = 64;
const maxSide = 1000;

/** How large a terminal is, in characters. */
export interface TerminalSize {
  columns: number;
  rows: number;
}

const side = (value: number) => Math.min(Math.max(Math.floor(value), 1), maxSide);

/** The arguments of the command `shell` (messaging/spec/protocol.md, section 23). `point`: this end's key for this session. */
export const shellArguments = (session: string, point: Bytes, size: TerminalSize, terminal: string): Bytes =>
  new CborWriter().array(5).bytes(idOf(session)).bytes(point).uint(side(size.columns)).uint(side(size.rows)).text(terminal, maxTerminalBytes).finish();

/** The body of a message `resize`. */
export const resizeBody = (size: TerminalSize): Bytes => new CborWriter().array(2).uint(side(size.columns)).uint(side(size.rows)).finish();
