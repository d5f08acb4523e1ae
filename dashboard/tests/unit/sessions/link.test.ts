import { describe, expect, it } from 'vitest';
import { firstWindow, keepAlive, maxMessageBytes, messageKind, SessionLink } from '@/sessions/link';
import { CborWriter } from '@/trust/protocol/cborWriter';
import { Malformed } from '@/trust/protocol/malformed';

const data = (text: string) => ({ kind: messageKind.data, body: new TextEncoder().encode(text) });

/** What a device says: how far it heard, how much may come, whether something is missing, and a message. */
function said(received: number, again = false, message?: { number: number; text: string }, limit = firstWindow) {
  const writer = new CborWriter().array(4).uint(received).uint(limit).boolean(again);
  if (!message) return writer.null().finish();
  return writer.array(3).uint(message.number).uint(messageKind.data).bytes(new TextEncoder().encode(message.text)).finish();
}

describe('a session’s link', () => {
  it('begins by saying that it is there', () => expect(new SessionLink(firstWindow, 0).next(0)).not.toBeNull());

  it('sends again what was not confirmed, later and later', () => {
    const link = new SessionLink(firstWindow, 0);
    link.send(data('x'));
    expect(link.next(0)?.number).toBe(1);
    expect(link.next(2999)).toBeNull();
    expect(link.next(3000)?.number).toBe(2);
    expect(link.next(8999)).toBeNull();
    expect(link.next(9000)?.number).toBe(3);
    expect(link.waitingSince).toBe(0);
    link.take(1, said(1), 9100);
    expect([link.isSettled, link.waitingSince, link.outgoing]).toEqual([true, null, 0]);
  });

  it('sends again at once on a new connection, and when the device misses something', () => {
    const link = new SessionLink(firstWindow, 0);
    link.send(data('x'));
    link.next(0);
    link.reconnected(10);
    expect(link.next(10)).not.toBeNull();
    expect(link.next(10)).toBeNull();
    link.take(1, said(0, true), 20);
    expect(link.next(20)).not.toBeNull();
    // The same loss, told twice.
    link.take(2, said(0, true), 30);
    expect(link.next(30)).toBeNull();
  });

  it('keeps to the device’s window', () => {
    const link = new SessionLink(firstWindow, 0);
    for (let i = 0; i < 3; i++) link.send({ kind: messageKind.data, body: new Uint8Array(maxMessageBytes - 16) });
    expect([link.next(0), link.next(0), link.next(0)].map((packet) => packet === null)).toEqual([false, false, true]);
    link.take(1, said(1, false, undefined, 2 * firstWindow), 0);
    expect(link.next(0)).not.toBeNull();
  });

  it('takes each message once and in order, and refuses copies', () => {
    const link = new SessionLink(firstWindow, 0);
    const hear = (packet: number, number: number) => link.take(packet, said(0, false, { number, text: 'x' }), 0).verdict;
    expect([hear(1, 1), hear(1, 2), hear(2, 3), hear(3, 2), hear(4, 2), hear(3, 3), hear(5, 3)])
      .toEqual(['message', 'replayed', 'too-early', 'message', 'known', 'replayed', 'message']);
  });

  it('refuses more than it has allowed', () => {
    const link = new SessionLink(firstWindow, 0);
    const text = 'x'.repeat(maxMessageBytes - 16);
    const hear = (number: number) => link.take(number, said(0, false, { number, text }), 0).verdict;
    expect([hear(1), hear(2), hear(3)]).toEqual(['message', 'message', 'too-much']);
  });

  it.each([
    ['confirms what was never said', said(1)],
    ['is longer than a message may be', new CborWriter().array(4).uint(0).uint(0).boolean(false).array(3).uint(1).uint(0).bytes(new Uint8Array(maxMessageBytes + 1)).finish()],
    ['counts from 0', new CborWriter().array(4).uint(0).uint(0).boolean(false).array(3).uint(0).uint(0).bytes(new Uint8Array()).finish()],
    ['has a byte after the end', Uint8Array.of(...said(0), 0)],
    ['is cut off', said(0).slice(0, -1)],
    ['is nothing', new Uint8Array()],
  ])('finds malformed what %s', (_, plaintext) => expect(() => new SessionLink(firstWindow, 0).take(1, plaintext, 0)).toThrow(Malformed));

  it('lets the device know that it is there when nothing is said', () => {
    const link = new SessionLink(firstWindow, 0);
    link.next(0);
    expect(link.next(keepAlive - 1)).toBeNull();
    expect(link.next(keepAlive)).not.toBeNull();
  });
});
