import type { QueryClient } from '@tanstack/react-query';
import { openSession } from '@/features/device/session/openSession';
import type { SessionClient } from '@/sessions/client';
import { fileWindow, maxFileBytes, pushArguments, readStart } from '@/sessions/files';
import { firstWindow, maxMessageBytes, type Message, messageKind } from '@/sessions/link';
import { Sha256 } from '@/sessions/sha256';
import type { Bytes } from '@/trust/protocol/bytes';
import { Refused } from '@/trust/refused';
import { ended, type TransferState } from './transferState';

const hashedAtOnce = 1024 * 1024;

export interface PushTarget {
  path: string;
  mode: number;
  replaces: boolean;
}

/** Sends a file to the device, and says how it stands; returns at its end. `cancel` ends it. */
export async function pushFile(
  queries: QueryClient, deviceId: string, file: File, target: PushTarget, show: (state: TransferState) => void, cancel: AbortSignal,
): Promise<void> {
  if (file.size > maxFileBytes) throw new Refused('The file is too large.');
  const sha256 = await hashFile(file, (at) => show({ kind: 'reading', at, size: file.size }), cancel);
  show({ kind: 'opening', what: 'the device' });
  await new Promise<void>((resolve, reject) => {
    const sender = new FileSender(file, (state) => {
      show(state);
      if (state.kind === 'ended') resolve();
    });
    openSession(
      queries, deviceId,
      { type: 'push', args: (session, point) => pushArguments(session, point, { ...target, size: file.size, sha256 }), window: firstWindow },
      sender, (what) => show({ kind: 'opening', what }),
    ).then((client) => {
      sender.use(client);
      cancel.addEventListener('abort', () => client.close());
      if (cancel.aborted) client.close();
    }, reject);
  });
}

/** Piece by piece: no more of it is in memory. @throws AbortError when it is cancelled. */
export async function hashFile(file: File, progress: (at: number) => void, cancel: AbortSignal): Promise<Bytes> {
  const hash = new Sha256();
  for (let at = 0; at < file.size; at += hashedAtOnce) {
    progress(at);
    hash.add(new Uint8Array(await file.slice(at, at + hashedAtOnce).arrayBuffer()));
    cancel.throwIfAborted();
  }
  return hash.finish();
}

/** Reads on when there is room, and no further ahead. */
class FileSender {
  private readonly file: File;
  private readonly show: (state: TransferState) => void;
  private client: SessionClient | null = null;
  private at: number | null = null;
  private first = 0;
  private since = 0;
  private isReading = false;
  private interrupted = false;
  private problem: string | null = null;

  constructor(file: File, show: (state: TransferState) => void) {
    this.file = file;
    this.show = show;
  }

  use(client: SessionClient): void {
    this.client = client;
    void this.read();
  }

  onState = (state: 'opening' | 'open' | 'interrupted') => {
    this.interrupted = state === 'interrupted';
    this.tell();
  };

  onMessage = (message: Message) => {
    if (message.kind !== messageKind.start || this.at !== null) return;
    this.at = this.first = readStart(message.body).offset;
    this.since = performance.now();
    void this.read();
  };

  onRoom = () => void this.read();
  onData = (_: Bytes, done: () => void) => done();
  onRefused = () => undefined;

  onEnd = (end: Parameters<typeof ended>[0]) => {
    this.client = null;
    this.show(this.problem === null ? ended(end, 'The device has the file') : { kind: 'ended', isDone: false, title: 'It did not work', text: this.problem });
  };

  private async read(): Promise<void> {
    if (this.isReading || this.at === null) return;
    this.isReading = true;
    try {
      while (this.client !== null && this.at < this.file.size && this.client.outgoing() < fileWindow) {
        const bytes = new Uint8Array(await this.file.slice(this.at, this.at + maxMessageBytes).arrayBuffer());
        this.send(bytes);
        this.at += bytes.length;
      }
    } catch (error) {
      // Browsers read no file that was written to after it was chosen.
      this.problem = `The file cannot be read any more: ${error instanceof Error ? error.message : String(error)} Choose it again.`;
      this.client?.close();
    } finally {
      this.isReading = false;
    }
    this.tell();
  }

  private send(body: Bytes): void {
    this.client?.send({ kind: messageKind.data, body });
  }

  /** What has arrived, not what was read. */
  private tell(): void {
    if (this.client === null || this.at === null) return;
    const at = Math.max(this.first, this.at - this.client.outgoing());
    if (this.at === this.file.size && this.client.outgoing() === 0) this.show({ kind: 'checking' });
    else this.show({ kind: 'moving', at, size: this.file.size, first: this.first, seconds: (performance.now() - this.since) / 1000, interrupted: this.interrupted });
  }
}
