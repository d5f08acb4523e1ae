import type { QueryClient } from '@tanstack/react-query';
import { openSession } from '@/features/device/session/openSession';
import type { SessionClient } from '@/sessions/client';
import type { SessionEnd } from '@/sessions/end';
import { type FileStart, fileWindow, maxFileBytes, pullArguments, readStart, readSum } from '@/sessions/files';
import { type Message, messageKind } from '@/sessions/link';
import { Sha256 } from '@/sessions/sha256';
import { type Bytes, sameBytes } from '@/trust/protocol/bytes';
import { formatBytes } from '@/ui/format/unit';
import type { Sink } from './saveSink';
import { ended, type TransferState } from './transferState';

/** Fetches a file of the device, and says how it stands; returns at its end. `cancel` ends it. */
export async function pullFile(
  queries: QueryClient, deviceId: string, path: string, sink: Sink, show: (state: TransferState) => void, cancel: AbortSignal,
): Promise<void> {
  show({ kind: 'opening', what: 'the device' });
  try {
    await new Promise<void>((resolve, reject) => {
      const receiver = new FileReceiver(sink, (state) => {
        show(state);
        if (state.kind === 'ended') resolve();
      });
      openSession(
        queries, deviceId,
        { type: 'pull', args: (session, point) => pullArguments(session, point, path, sink.largest ?? maxFileBytes), window: fileWindow },
        receiver, (what) => show({ kind: 'opening', what }),
      ).then((client) => {
        receiver.use(client);
        cancel.addEventListener('abort', () => client.close());
        if (cancel.aborted) client.close();
      }, reject);
    });
  } catch (error) {
    await sink.abort();
    throw error;
  }
}

/** Writes what comes in its order, and tells the device that it has the file when it is whole, is what was sent, and is saved. */
export class FileReceiver {
  private readonly sink: Sink;
  private readonly show: (state: TransferState) => void;
  private client: SessionClient | null = null;
  private readonly hash = new Sha256();
  private start: FileStart | null = null;
  private at = 0;
  private since = 0;
  private interrupted = false;
  private isSaved = false;
  private problem: string | null = null;
  private end: SessionEnd | null = null;
  private work: Promise<void> = Promise.resolve();

  constructor(sink: Sink, show: (state: TransferState) => void) {
    this.sink = sink;
    this.show = show;
  }

  use(client: SessionClient): void {
    this.client = client;
    this.leave();
  }

  onState = (state: 'opening' | 'open' | 'interrupted') => {
    this.interrupted = state === 'interrupted';
    this.tell();
  };

  onData = (bytes: Bytes, done: () => void) => this.then(async () => {
    if (this.start === null || this.at + bytes.length > this.start.size) throw new Error('The device sends something else than a file.');
    await this.sink.write(bytes);
    this.hash.add(bytes);
    this.at += bytes.length;
    done();
    this.tell();
  });

  onMessage = (message: Message) => this.then(async () => {
    if (message.kind === messageKind.start && this.start === null) {
      this.start = readStart(message.body);
      if (this.start.offset !== 0) throw new Error('The device begins in the middle of the file.');
      this.since = performance.now();
      this.tell();
    } else if (message.kind === messageKind.sum) {
      if (this.at !== this.start?.size || !sameBytes(this.hash.finish(), readSum(message.body))) throw new Error('What came is not the file of the device. Nothing of it is kept; get it again.');
      this.show({ kind: 'checking' });
      await this.sink.close();
      this.isSaved = true;
      this.leave();
    }
  });

  onRefused = () => undefined;

  onEnd = (end: SessionEnd) => {
    this.end = end;
    this.then(async () => {
      if (this.isSaved) {
        this.show({ kind: 'ended', isDone: true, title: 'The file is here', text: `${formatBytes(this.at)}; every byte was checked.` });
        return;
      }
      await this.sink.abort();
      this.show(this.problem === null ? ended(end, '') : { kind: 'ended', isDone: false, title: 'It did not work', text: this.problem });
    });
  };

  private then(task: () => Promise<void>): void {
    this.work = this.work.then(async () => {
      if (this.problem === null || this.end !== null) await task();
    }).catch((error: unknown) => {
      this.problem = error instanceof Error ? error.message : String(error);
      this.leave();
    });
  }

  private leave(): void {
    if (this.isSaved) this.client?.close('done');
    else if (this.problem !== null) this.client?.close();
  }

  private tell(): void {
    if (this.start !== null && !this.isSaved && this.problem === null) {
      this.show({ kind: 'moving', at: this.at, size: this.start.size, first: 0, seconds: (performance.now() - this.since) / 1000, interrupted: this.interrupted });
    }
  }
}
