import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { keys } from '@/api/keys';
import type { Command, CountedPage, Device, DeviceFile, Page } from '@/api/types';

type FileList = InfiniteData<Page<DeviceFile>, string | null>;
type DeviceList = InfiniteData<CountedPage<Device>, string | null>;

/** Puts newer devices in place; says whether one was not in the list. The same object comes back when nothing changed. */
export function mergeDevices(list: DeviceList, changed: ReadonlyMap<string, Device>): { list: DeviceList; unknown: boolean } {
  const found = new Set<string>();
  const pages = list.pages.map((page) => {
    const before = found.size;
    const items = page.items.map((device) => {
      const newer = changed.get(device.id);
      if (newer === undefined) return device;
      found.add(device.id);
      return newer;
    });
    return found.size > before ? { ...page, items } : page;
  });
  return { list: found.size > 0 ? { ...list, pages } : list, unknown: found.size < changed.size };
}

/** Newest first; a command that is known is replaced, a new one is put on top. */
export function mergeCommand(items: readonly Command[], command: Command): Command[] {
  return items.some((item) => item.id === command.id)
    ? items.map((item) => (item.id === command.id ? command : item))
    : [command, ...items];
}

/**
 * The answer to sending a command can arrive after the event that says it is done: `onlyNew` leaves what is known.
 */
export function storeCommand(client: QueryClient, command: Command, { onlyNew = false } = {}): void {
  client.setQueryData<{ items: Command[] }>(keys.commands(command.deviceId), (old) => {
    if (old === undefined || (onlyNew && old.items.some(({ id }) => id === command.id))) return old;
    return { ...old, items: mergeCommand(old.items, command) };
  });
}

/** Newest first; a file that is known is replaced, a new one is put on top, a deleted one goes. The same object comes back when nothing changed. */
export function mergeFile(list: FileList, file: DeviceFile): FileList {
  const known = list.pages.some((page) => page.items.some(({ id }) => id === file.id));
  if (file.state === 'deleted') {
    return known ? { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.filter(({ id }) => id !== file.id) })) } : list;
  }
  if (known) return { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.map((item) => (item.id === file.id ? file : item)) })) };
  return { ...list, pages: list.pages.map((page, index) => (index === 0 ? { ...page, items: [file, ...page.items] } : page)) };
}

export function storeFile(client: QueryClient, file: DeviceFile): void {
  client.setQueryData<FileList>(keys.files(file.deviceId), (old) => (old === undefined ? old : mergeFile(old, file)));
}

/**
 * Devices report many times a second in a large fleet: changes are collected and shown together.
 */
export class DeviceChanges {
  private readonly changed = new Map<string, Device>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private listTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly client: QueryClient;
  private readonly delay: number;

  constructor(client: QueryClient, delay = 250) {
    this.client = client;
    this.delay = delay;
  }

  add(device: Device): void {
    this.changed.set(device.id, device);
    this.timer ??= setTimeout(() => this.flush(), this.delay);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const changed = new Map(this.changed);
    this.changed.clear();
    for (const device of changed.values()) {
      this.client.setQueryData<Device>(keys.device(device.id), (old) => (old === undefined ? old : device));
      // Told too when times become known; only the page that shows the device asks again.
      if (this.client.getQueryData(keys.boots(device.id)) !== undefined) void this.client.invalidateQueries({ queryKey: keys.boots(device.id) });
    }
    let unknown = false;
    for (const [key, list] of this.client.getQueriesData<DeviceList>({ queryKey: keys.deviceLists })) {
      if (list === undefined) continue;
      const merged = mergeDevices(list, changed);
      if (merged.list !== list) this.client.setQueryData(key, merged.list);
      unknown ||= merged.unknown;
    }
    if (unknown) this.readListsAgain();
  }

  /** A device that no list shows may belong into one: the server knows the filters, so it is asked, at most every 2 s. */
  private readListsAgain(): void {
    this.listTimer ??= setTimeout(() => {
      this.listTimer = undefined;
      void this.client.invalidateQueries({ queryKey: keys.deviceLists });
    }, 2000);
  }
}
