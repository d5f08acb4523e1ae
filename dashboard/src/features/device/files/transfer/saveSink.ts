import type { Bytes } from '@/trust/protocol/bytes';

/** Without a way to write to the disk, a file is held in memory until it is whole. */
export const largestInMemory = 256 * 1024 * 1024;

/** Where a file that is fetched goes: nothing is to be seen of it until it is closed. */
export interface Sink {
  /** The most bytes that it takes; null: as many as the disk does. */
  largest: number | null;
  write: (bytes: Bytes) => Promise<void>;
  close: () => Promise<void>;
  /** Nothing is kept. */
  abort: () => Promise<void>;
}

type SavePicker = (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;

/** Asks where to put it, where the browser can write there; has to be called by a click. Null when nobody wants to any more. */
export async function chooseSink(name: string): Promise<Sink | null> {
  const picker = (window as { showSaveFilePicker?: SavePicker }).showSaveFilePicker;
  if (picker === undefined) return memorySink(name);
  try {
    return await diskSink(await picker.call(window, { suggestedName: name }));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

/** The browser writes beside the file, and replaces it when that is closed. */
async function diskSink(handle: FileSystemFileHandle): Promise<Sink> {
  const stream = await handle.createWritable();
  return { largest: null, write: (bytes) => stream.write(bytes), close: () => stream.close(), abort: () => stream.abort() };
}

export function memorySink(name: string, save: (blob: Blob, name: string) => void = saveBlob): Sink {
  let parts: Bytes[] = [];
  return {
    largest: largestInMemory,
    write: (bytes) => {
      parts.push(bytes);
      return Promise.resolve();
    },
    close: () => {
      save(new Blob(parts), name);
      parts = [];
      return Promise.resolve();
    },
    abort: () => {
      parts = [];
      return Promise.resolve();
    },
  };
}

function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
