import { describe, expect, it } from 'vitest';
import { emptyOutput, type Output, plain, textOf, withAnswer, withLive } from '@/features/device/commands/output';
import { toBase64 } from '@/trust/protocol/bytes';

const bytes = (text: string) => new TextEncoder().encode(text);
const piece = (offset: number, data: Uint8Array | string, source: 'output' | 'error' = 'output') =>
  ({ offset, source, data: toBase64(typeof data === 'string' ? bytes(data) : data) });
const answer = (...items: ReturnType<typeof piece>[]) => ({ items, next: 0, ended: false, written: null });
const live = (one: ReturnType<typeof piece>, written: number | null = null) => ({ deviceId: 'd', commandId: 'c', piece: one, written });
const shown = (output: Output | null) => output?.parts.map(({ source, text }) => `${source}:${text}`);

describe('output', () => {
  it('joinsPiecesOfOneSource_AndTellsSourcesApart', () => {
    const output = withAnswer(emptyOutput, answer(piece(0, 'one\n'), piece(4, 'two\n'), piece(8, 'bad\n', 'error')));
    expect(shown(output)).toEqual(['output:one\ntwo\n', 'error:bad\n']);
    expect(output.next).toBe(12);
  });

  it('pieceThatIsKnown_AddsNothing_AndOneThatOverlapsOnlyItsRest', () => {
    const output = withAnswer(emptyOutput, answer(piece(0, 'abcd')));
    expect(shown(withLive(output, live(piece(0, 'abcd'))))).toEqual(['output:abcd']);
    expect(shown(withAnswer(output, answer(piece(2, 'cdef'))))).toEqual(['output:abcdef']);
  });

  it('livePieceAfterAHole_IsAskedFor', () => {
    expect(withLive(emptyOutput, live(piece(4, 'x')))).toBeNull();
    expect(withLive(withAnswer(emptyOutput, answer(piece(0, 'abcd'))), live(piece(4, 'x'), 20))).toMatchObject({ next: 5, ended: true, written: 20 });
  });

  it('bytesThatAreMissing_AreSaid', () => {
    const output = withAnswer(emptyOutput, answer(piece(0, 'ab'), piece(10, 'cd')));
    expect(shown(output)).toEqual(['output:ab', 'missing:8 bytes are missing: the device could not keep them.', 'output:cd']);
    expect(textOf(output)).toBe('abcd');
  });

  it('characterInTwoPieces_IsWhole', () => {
    const euro = bytes('€');
    const half = withAnswer(emptyOutput, answer(piece(0, Uint8Array.of(0x61, ...euro.subarray(0, 2)))));
    expect(shown(half)).toEqual(['output:a']);
    expect(shown(withAnswer(half, answer(piece(3, euro.subarray(2)))))).toEqual(['output:a€']);
    expect(shown(withAnswer(emptyOutput, answer(piece(0, Uint8Array.of(0xff, 0x61)))))).toEqual(['output:\ufffda']);
  });

  it.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007x', 'x'],
    ['\u001b]8;;https://evil\u001b\\link', 'link'],
    ['\u001bPq;data\u001b\\after', 'after'],
    ['10%\r20%\rdone\n', 'done\n'],
    ['a\r\nb', 'a\nb'],
    ['a\u0007\u0000b\tc', 'ab\tc'],
    ['\u009b31mx', '31mx'],
  ])('plain %j', (text, expected) => expect(plain(text)).toBe(expected));
});
