import type { Bytes } from '@/trust/protocol/bytes';
import { CborReader } from '@/trust/protocol/cborReader';
import { CborWriter } from '@/trust/protocol/cborWriter';
import { Malformed } from '@/trust/protocol/malformed';

export const firstWindow = 64 * 1024;
export const maxMessageBytes = 32 * 1024;
export const keepAlive = 20_000;
const overhead = 16;
const firstPatience = 3000;
const longestPatience = 15_000;
const ackDelay = 20;
const againPause = 1000;
/** A side says at once that there is room again when it is so much, or half of its window, in bytes. */
const roomStep = firstWindow;
const largest = BigInt(Number.MAX_SAFE_INTEGER);

/** Kinds of messages. */
export const messageKind = { data: 0, resize: 1, end: 2, start: 3, sum: 4 } as const;

export interface Message {
  kind: number;
  body: Bytes;
}

export type Verdict = 'replayed' | 'no-message' | 'message' | 'known' | 'too-early' | 'too-much';

export const costOf = (message: Message) => message.body.length + overhead;

/**
 * The client's side of a session once both have their keys (messaging/spec/protocol.md, section 23.3): messages that arrive once and in order
 * over a way that loses, repeats and reorders, with a window each way. Plaintexts only; packets are sealed under the numbers that it gives. Pure:
 * the caller says what time it is, in milliseconds of any clock that only rises.
 */
export class SessionLink {
  lastHeard: number;
  /** Since when something that was sent is not confirmed; null: everything is. */
  waitingSince: number | null = null;
  /** Bytes that wait to be sent or confirmed. */
  outgoing = 0;
  private readonly window: number;
  private readonly messages: Message[] = [];
  private lastPacket = 0;
  private lastPacketIn = 0;
  private settled = 0;
  private sent = 0;
  private settledCost = 0;
  private sentCost = 0;
  private peerLimit = firstWindow;
  private received = 0;
  private receivedCost = 0;
  private limit: number;
  private limitTold = firstWindow;
  private again = false;
  private patience = firstPatience;
  private resendAt = Infinity;
  private ackAt: number;
  private againAt = -Infinity;
  private keepAliveAt: number;

  constructor(window: number, now: number) {
    this.window = window;
    this.limit = window;
    this.ackAt = window > firstWindow ? now : Infinity;
    this.keepAliveAt = now;
    this.lastHeard = now;
  }

  get isSettled(): boolean {
    return this.messages.length === 0;
  }

  send(message: Message): void {
    if (message.body.length > maxMessageBytes) throw new RangeError(`A message has at most ${maxMessageBytes} bytes.`);
    this.messages.push(message);
    this.outgoing += costOf(message);
  }

  /** The message was dealt with: as much more may come. */
  took(message: Message, now: number): void {
    this.limit += costOf(message);
    if (this.limit - this.limitTold >= Math.min(this.window / 2, roomStep)) this.ackAt = now;
  }

  /** A new connection: what was sent over the last one may be lost. */
  reconnected(now: number): void {
    this.goBack();
    this.patience = firstPatience;
    this.ackAt = now;
  }

  /** The next packet's number and plaintext; null when there is none now. */
  next(now: number): { number: number; plaintext: Bytes } | null {
    if (now >= this.resendAt && this.sent > 0) {
      this.goBack();
      this.patience = Math.min(this.patience * 2, longestPatience);
    }
    const message = this.maySend ? (this.messages[this.sent] ?? null) : null;
    if (message === null && now < this.ackAt && now < this.keepAliveAt) return null;
    if (message !== null) {
      this.sent++;
      this.sentCost += costOf(message);
      this.waitingSince ??= now;
      if (this.resendAt === Infinity) this.resendAt = now + this.patience;
    }
    this.ackAt = Infinity;
    this.limitTold = this.limit;
    this.keepAliveAt = now + keepAlive;
    return { number: ++this.lastPacket, plaintext: this.write(message) };
  }

  /** When `next` has something at the latest, if nothing happens before. */
  get nextAt(): number {
    return this.maySend ? -Infinity : Math.min(this.ackAt, this.keepAliveAt, this.sent > 0 ? this.resendAt : Infinity);
  }

  /**
   * What an authentic packet said.
   * @throws Malformed when it is against the protocol.
   */
  take(number: number, plaintext: Bytes, now: number): { verdict: Verdict; message: Message | null } {
    if (number <= this.lastPacketIn) return { verdict: 'replayed', message: null };
    this.lastPacketIn = number;
    const reader = new CborReader(plaintext);
    reader.fields(4);
    const received = reader.number(this.settled + this.messages.length);
    const limit = Number(reader.uint64(largest));
    const again = reader.boolean();
    const said = reader.orNull(() => {
      reader.fields(3);
      const messageNumber = Number(reader.uint64(largest));
      if (messageNumber === 0) throw new Malformed('Messages are counted from 1.');
      return { number: messageNumber, message: { kind: reader.number(255), body: reader.bytes(maxMessageBytes) } };
    });
    reader.end();
    this.lastHeard = now;
    this.settle(received, limit, again, now);
    return said === null ? { verdict: 'no-message', message: null } : this.accept(said.number, said.message, now);
  }

  private get maySend(): boolean {
    const next = this.messages[this.sent];
    return next !== undefined && this.sentCost + costOf(next) <= this.peerLimit;
  }

  private goBack(): void {
    this.sent = 0;
    this.sentCost = this.settledCost;
    this.resendAt = Infinity;
  }

  private settle(received: number, limit: number, again: boolean, now: number): void {
    this.peerLimit = Math.max(this.peerLimit, limit);
    const gone = this.messages.splice(0, Math.max(0, received - this.settled));
    for (const message of gone) {
      this.outgoing -= costOf(message);
      this.settledCost += costOf(message);
    }
    if (gone.length > 0) {
      this.settled += gone.length;
      this.sent = Math.max(0, this.sent - gone.length);
      this.sentCost = Math.max(this.sentCost, this.settledCost);
      this.patience = firstPatience;
      this.waitingSince = this.sent > 0 ? now : null;
      this.resendAt = this.sent > 0 ? now + this.patience : Infinity;
    }
    if (again && this.sent > 0 && now >= this.againAt) {
      this.goBack();
      this.againAt = now + againPause;
    }
  }

  private accept(number: number, message: Message, now: number): { verdict: Verdict; message: Message | null } {
    if (number <= this.received) {
      this.ackAt = now;
      return { verdict: 'known', message: null };
    }
    if (number > this.received + 1) {
      this.ackAt = now;
      this.again = true;
      return { verdict: 'too-early', message: null };
    }
    if (this.receivedCost + costOf(message) > this.limit) return { verdict: 'too-much', message: null };
    this.received = number;
    this.receivedCost += costOf(message);
    this.again = false;
    this.ackAt = Math.min(this.ackAt, now + ackDelay);
    return { verdict: 'message', message };
  }

  private write(message: Message | null): Bytes {
    const writer = new CborWriter().array(4).uint(this.received).uint(this.limit).boolean(this.again);
    if (message === null) return writer.null().finish();
    return writer.array(3).uint(this.settled + this.sent).uint(message.kind).bytes(message.body).finish();
  }
}
