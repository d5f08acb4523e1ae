import { describe, expect, it, vi } from 'vitest';
import { pathProblem, readMode, targetPath } from '@/features/device/files/transfer/paths';
import { FileReceiver } from '@/features/device/files/transfer/pullFile';
import { memorySink, type Sink } from '@/features/device/files/transfer/saveSink';
import { ended, progressText, type TransferState } from '@/features/device/files/transfer/transferState';
import { messageKind } from '@/sessions/link';
import type { SessionClient } from '@/sessions/client';
import { sha256 } from '@/trust/protocol/bytes';
import { CborWriter } from '@/trust/protocol/cborWriter';

const content = Uint8Array.from({ length: 1000 }, (_, i) => i & 0xff);
const startOf = (size: number, offset = 0) => ({ kind: messageKind.start, body: new CborWriter().array(3).uint(size).uint(offset).uint(0o644).finish() });
const sumOf = (hash: Uint8Array) => ({ kind: messageKind.sum, body: new CborWriter().array(1).bytes(hash).finish() });

function receive(save = vi.fn<(blob: Blob, name: string) => void>(), sink: Sink = memorySink('app.bin', save)) {
  const states: TransferState[] = [];
  const receiver = new FileReceiver(sink, (state) => states.push(state));
  const close = vi.fn((reason: 'done' | 'closed' = 'closed') => receiver.onEnd({ reason, exitCode: null, text: '' }));
  receiver.use({ close } as unknown as SessionClient);
  return { receiver, states, close, save, last: () => states.at(-1) };
}

describe('a file that is fetched', () => {
  it('is saved when it is whole and what the device has, and the device is told so', async () => {
    const { receiver, close, save, last } = receive();
    receiver.onMessage(startOf(content.length));
    const done = vi.fn();
    receiver.onData(content.slice(0, 600), done);
    receiver.onData(content.slice(600), done);
    receiver.onMessage(sumOf(await sha256(content)));
    await vi.waitFor(() => expect(last()).toMatchObject({ kind: 'ended', isDone: true }));
    expect(done).toHaveBeenCalledTimes(2);
    expect(close).toHaveBeenCalledWith('done');
    expect(new Uint8Array(await (save.mock.calls[0]?.[0] as Blob).arrayBuffer())).toEqual(content);
  });

  it.each([
    ['another content', [startOf(1000)], content.map((byte) => byte ^ 1), 'not the file of the device'],
    ['more than there is', [startOf(999)], content, 'something else than a file'],
    ['bytes before the beginning', [], content, 'something else than a file'],
    ['a part', [startOf(2000, 1000)], content, 'in the middle'],
  ])('is not saved: %s', async (_, messages, bytes, text) => {
    const { receiver, close, save, last } = receive();
    for (const message of messages) receiver.onMessage(message);
    receiver.onData(bytes, () => undefined);
    receiver.onMessage(sumOf(await sha256(content)));
    await vi.waitFor(() => expect(last()).toMatchObject({ kind: 'ended', isDone: false }));
    expect((last() as { text: string }).text).toContain(text);
    expect(close).toHaveBeenCalled();
    expect(save).not.toHaveBeenCalled();
  });

  it('says what the disk of this machine says', async () => {
    const full: Sink = { largest: null, write: () => Promise.reject(new Error('The disk is full.')), close: () => Promise.resolve(), abort: vi.fn(() => Promise.resolve()) };
    const { receiver, last } = receive(undefined, full);
    receiver.onMessage(startOf(1000));
    receiver.onData(content, () => undefined);
    await vi.waitFor(() => expect(last()).toMatchObject({ kind: 'ended', isDone: false, text: 'The disk is full.' }));
    expect(full.abort).toHaveBeenCalled();
  });
});

describe('what is typed', () => {
  it.each([
    ['/srv/app/model.bin', null],
    ['srv/app', /whole path/],
    ['/srv/app/', /name of the file/],
    ['/srv/../etc/passwd', /\.\./],
    ['/srv//app', /\/\//],
  ])('%s is a path, or it is said what is wrong', (path, problem) => {
    if (problem === null) expect(pathProblem(path)).toBeNull();
    else expect(pathProblem(path)).toMatch(problem);
  });

  it('a folder gets the file’s name', () => expect(targetPath('/srv/', 'a.bin')).toBe('/srv/a.bin'));

  it.each([['644', 0o644], ['0755', 0o755], ['7', 7], ['888', null], ['1777', null], ['', null]])('permissions: %s', (text, mode) => expect(readMode(text)).toBe(mode));
});

describe('how it stands', () => {
  it('says rate and time left', () => {
    const state = { kind: 'moving', at: 3 * 1024 * 1024, size: 4 * 1024 * 1024, first: 1024 * 1024, seconds: 2, interrupted: false } as const;
    expect(progressText(state)).toBe('75 % of 4 MiB · 1 MiB/s · 1 s left');
    expect(progressText({ ...state, interrupted: true })).toContain('connection was lost');
  });

  it('says how it ended', () => {
    expect(ended({ reason: 'failed', exitCode: null, text: 'no room' }, '')).toMatchObject({ isDone: false, text: 'no room' });
    expect(ended({ reason: 'done', exitCode: null, text: '5 bytes' }, 'There')).toMatchObject({ isDone: true, title: 'There' });
  });
});
