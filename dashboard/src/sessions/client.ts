import type { Bytes } from '@/trust/protocol/bytes';
import { Malformed } from '@/trust/protocol/malformed';
import { acceptKind, readAccept, type SessionOrder } from './accept';
import type { SessionCipher } from './cipher';
import { clientEnd, readEnd, type SessionEnd } from './end';
import { deriveCiphers, type EphemeralKey } from './keys';
import { firstWindow, type Message, messageKind, SessionLink } from './link';

/** Milliseconds without a word of the device after which this end gives up: as long as the device waits by default. */
const patience = 5 * 60_000;
const doubt = 3000;
const firstPause = 250;
const longestPause = 5000;
const farewell = 3000;
/** WebSocket close codes after which trying again does not help. */
const finalCodes = new Set([1003, 1008, 1009]);

/** opening: the device has not answered. interrupted: this browser's connection is lost, or the device's. */
export type SessionState = 'opening' | 'open' | 'interrupted';

export interface SessionListener {
  onState: (state: SessionState) => void;
  /** Says by `done` when it was dealt with: only then may more come. */
  onData: (bytes: Bytes, done: () => void) => void;
  /** Another message, but for the end. */
  onMessage?: (message: Message) => void;
  /** Something that was sent has arrived: there may be room for more. */
  onRoom?: () => void;
  onEnd: (end: SessionEnd) => void;
  /** Something that was not the device's, or was changed on the way, was refused. */
  onRefused: (count: number) => void;
}

/** This end of a session: believes nobody but the device, and goes on with the same session when the connection was lost. */
export class SessionClient {
  private readonly url: string;
  private readonly order: SessionOrder;
  private readonly key: EphemeralKey;
  private readonly listener: SessionListener;
  private socket: WebSocket | null = null;
  private link: SessionLink | null = null;
  private up: SessionCipher | null = null;
  private down: SessionCipher | null = null;
  private state: SessionState = 'opening';
  private refused = 0;
  private pause = firstPause;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private reconnecting: ReturnType<typeof setTimeout> | null = null;
  private leaving: ReturnType<typeof setTimeout> | null = null;
  private isOver = false;
  private readonly window: number;
  /** One after the other: packets have an order, and their sealing is asynchronous. */
  private work: Promise<void> = Promise.resolve();

  /** `window`: bytes that may be on their way to this end. */
  constructor(url: string, order: SessionOrder, key: EphemeralKey, listener: SessionListener, window = firstWindow) {
    this.window = window;
    this.url = url;
    this.order = order;
    this.key = key;
    this.listener = listener;
  }

  /** Connects before the command is sent, so that the device's answer finds somebody. */
  connect(): Promise<void> {
    return new Promise((resolve, reject) => this.open(resolve, () => reject(new Error('The server does not open the connection for the session.'))));
  }

  /** The device has not answered yet. */
  isOpening(): boolean {
    return this.link === null && !this.isOver;
  }

  /** It will not be opened. */
  fail(why: string): void {
    this.finish({ reason: 'failed', exitCode: null, text: this.refused === 0 ? why : `${why} And ${this.refused} answers came that are not the device’s: somebody between here and the device made them up.` });
  }

  send(message: Message): void {
    this.link?.send(message);
    this.step();
  }

  /** Bytes that were sent and have not arrived. */
  outgoing(): number {
    return this.link?.outgoing ?? 0;
  }

  /** Ends it: the device is told, if it can be reached. `reason`: done when this end has what it wanted. */
  close(reason: 'done' | 'closed' = 'closed'): void {
    if (this.isOver || this.leaving !== null) return;
    if (this.link === null) {
      this.finish({ reason: 'closed', exitCode: null, text: '' });
      return;
    }
    this.send({ kind: messageKind.end, body: clientEnd(reason) });
    this.leaving = setTimeout(() => this.finish({ reason, exitCode: null, text: 'The device has not said so yet.' }), farewell);
  }

  /** Without a word: the page goes away. */
  abandon(): void {
    this.isOver = true;
    for (const timer of [this.timer, this.reconnecting, this.leaving]) if (timer !== null) clearTimeout(timer);
    this.socket?.close();
  }

  private open(opened: () => void, failed: () => void): void {
    const socket = new WebSocket(this.url);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    socket.onopen = () => {
      this.pause = firstPause;
      this.link?.reconnected(performance.now());
      opened();
      this.step();
    };
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (event.data instanceof ArrayBuffer) this.queue(() => this.receive(new Uint8Array(event.data as ArrayBuffer)));
    };
    socket.onclose = (event) => {
      if (this.socket !== socket || this.isOver) return;
      this.socket = null;
      failed();
      if (finalCodes.has(event.code)) {
        this.finish({ reason: 'failed', exitCode: null, text: event.reason || 'The server has ended the connection.' });
        return;
      }
      this.reconnecting = setTimeout(() => this.open(() => undefined, () => undefined), this.pause);
      this.pause = Math.min(this.pause * 2, longestPause);
      this.tell();
    };
  }

  private queue(task: () => Promise<void>): void {
    this.work = this.work.then(async () => {
      if (!this.isOver) await task();
    }).catch((error: unknown) => {
      this.finish({ reason: 'failed', exitCode: null, text: error instanceof Error ? error.message : String(error) });
    });
  }

  private async receive(packet: Bytes): Promise<void> {
    try {
      if (this.link === null || this.up === null) await this.accept(packet);
      else if (packet[0] !== acceptKind) await this.take(this.link, this.up, packet);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.listener.onRefused(++this.refused);
    }
    this.step();
  }

  /** Whoever else answers, the server included, is not the device. */
  private async accept(packet: Bytes): Promise<void> {
    const accept = await readAccept(packet, this.order);
    ({ up: this.up, down: this.down } = await deriveCiphers(this.key.privateKey, accept.point, accept.payload));
    this.link = new SessionLink(this.window, performance.now());
    this.tell();
  }

  private async take(link: SessionLink, up: SessionCipher, packet: Bytes): Promise<void> {
    const { number, plaintext } = await up.open(packet);
    const before = link.outgoing;
    const { verdict, message } = link.take(number, plaintext, performance.now());
    if (link.outgoing < before) this.listener.onRoom?.();
    if (verdict === 'replayed' || verdict === 'too-much') this.listener.onRefused(++this.refused);
    if (message === null) return;
    if (message.kind === messageKind.data) {
      this.listener.onData(message.body, () => {
        link.took(message, performance.now());
        this.step();
      });
      return;
    }
    link.took(message, performance.now());
    if (message.kind !== messageKind.end) {
      this.listener.onMessage?.(message);
      return;
    }
    const end = readEnd(message.body);
    await this.flush();
    this.finish(end);
  }

  /** Sends what is due, and comes back when something more will be. */
  private step(): void {
    this.queue(async () => {
      await this.flush();
      this.tell();
    });
  }

  private async flush(): Promise<void> {
    const { link, down } = this;
    if (link === null || down === null) return;
    if (performance.now() - link.lastHeard >= patience) {
      this.finish({ reason: 'lost', exitCode: null, text: 'The device was not heard for five minutes: it has closed the session by now.' });
      return;
    }
    while (this.socket?.readyState === WebSocket.OPEN) {
      const next = link.next(performance.now());
      if (next === null) break;
      const packet = await down.seal(next.number, next.plaintext);
      this.socket.send(packet);
    }
    if (this.timer !== null) clearTimeout(this.timer);
    const wait = this.socket?.readyState === WebSocket.OPEN ? link.nextAt - performance.now() : doubt;
    this.timer = setTimeout(() => this.step(), Math.min(Math.max(wait, 1), doubt));
  }

  private tell(): void {
    if (this.link === null) return;
    const waiting = this.link.waitingSince !== null && performance.now() - this.link.waitingSince > doubt;
    const state = this.socket?.readyState === WebSocket.OPEN && !waiting ? 'open' : 'interrupted';
    if (state !== this.state && !this.isOver) {
      this.state = state;
      this.listener.onState(state);
    }
  }

  private finish(end: SessionEnd): void {
    if (this.isOver) return;
    this.abandon();
    this.listener.onEnd(end);
  }
}
