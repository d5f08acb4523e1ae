const name = 'messaging-trust';
const version = 1;

/** Private keys that cannot be read, and what was seen of the fleet. */
export type StoreName = 'keys' | 'fleet';

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => {
      for (const store of ['keys', 'fleet'] satisfies StoreName[]) request.result.createObjectStore(store, { keyPath: 'id' });
    };
    request.onsuccess = () => {
      // A newer dashboard in another tab, or the user's clearing, goes first; the next use opens it again.
      request.result.onversionchange = () => {
        request.result.close();
        opened = null;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(new Error(`The browser does not open its storage: ${request.error?.message ?? 'it gives no reason'}.`));
    request.onblocked = () => reject(new Error('Another tab holds the storage of keys. Close the other tabs of this page.'));
  }).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

/** What `id` stands for; null for nothing. */
export async function read<T extends { id: string }>(store: StoreName, id: string): Promise<T | null> {
  const transaction = (await open()).transaction(store, 'readonly');
  const request = transaction.objectStore(store).get(id) as IDBRequest<T | undefined>;
  await end(transaction);
  return request.result ?? null;
}

/** Changes what `id` stands for, in one step that no other tab comes between; on the disk when this returns. Null: nothing is kept. */
export async function change<T extends { id: string }>(store: StoreName, id: string, decide: (found: T | null) => T | null): Promise<T | null> {
  const transaction = (await open()).transaction(store, 'readwrite', { durability: 'strict' });
  const records = transaction.objectStore(store);
  const request = records.get(id) as IDBRequest<T | undefined>;
  let kept: T | null = null;
  request.onsuccess = () => {
    kept = decide(request.result ?? null);
    if (kept === null) records.delete(id);
    else records.put(kept);
  };
  await end(transaction);
  return kept;
}

const end = (transaction: IDBTransaction) => new Promise<void>((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = () => reject(new Error(`The browser did not store it: ${transaction.error?.message ?? 'it gives no reason'}.`));
});
