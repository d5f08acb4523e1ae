import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keys } from '@/api/keys';
import { DeviceChanges, mergeCommand, mergeDevices, storeCommand } from '@/live/deviceCache';
import { command, device } from '../builders';

const listOf = (...pages: string[][]) => ({
  pages: pages.map((ids) => ({ items: ids.map((id) => device({ id })), next: null, total: 9 })),
  pageParams: pages.map(() => null),
});

describe('mergeDevices', () => {
  it('knownDevice_IsReplaced_OtherPagesStayTheSameObjects', () => {
    const list = listOf(['a', 'b'], ['c']);
    const merged = mergeDevices(list, new Map([['c', device({ id: 'c', name: 'new' })]]));
    expect(merged.unknown).toBe(false);
    expect(merged.list.pages[1]?.items[0]?.name).toBe('new');
    expect(merged.list.pages[0]).toBe(list.pages[0]);
  });

  it('unknownDevice_ChangesNothing_AndIsReported', () => {
    const list = listOf(['a']);
    const merged = mergeDevices(list, new Map([['z', device({ id: 'z' })]]));
    expect(merged).toEqual({ list, unknown: true });
    expect(merged.list).toBe(list);
  });
});

describe('DeviceChanges', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  it('add_ManyChanges_AreShownOnceTogether', () => {
    const queries = new QueryClient();
    queries.setQueryData(keys.deviceList({}), listOf(['a', 'b']));
    const written = vi.spyOn(queries, 'setQueryData');
    const changes = new DeviceChanges(queries);
    for (let i = 0; i < 50; i++) changes.add(device({ id: 'a', name: `name ${i}` }));
    expect(written).not.toHaveBeenCalled();
    vi.advanceTimersByTime(250);
    expect(written).toHaveBeenCalledTimes(2);
    const list = queries.getQueryData<ReturnType<typeof listOf>>(keys.deviceList({}));
    expect(list?.pages[0]?.items[0]?.name).toBe('name 49');
  });

  it('add_UnknownDevice_ReadsListsAgainOnce', () => {
    const queries = new QueryClient();
    queries.setQueryData(keys.deviceList({}), listOf(['a']));
    const invalidated = vi.spyOn(queries, 'invalidateQueries').mockResolvedValue();
    const changes = new DeviceChanges(queries);
    changes.add(device({ id: 'x' }));
    vi.advanceTimersByTime(300);
    changes.add(device({ id: 'y' }));
    vi.advanceTimersByTime(5000);
    expect(invalidated).toHaveBeenCalledOnce();
  });

  it('add_DeviceWhoseBootsAreShown_ReadsThemAgain', () => {
    const queries = new QueryClient();
    queries.setQueryData(keys.boots('a'), { items: [] });
    const invalidated = vi.spyOn(queries, 'invalidateQueries').mockResolvedValue();
    const changes = new DeviceChanges(queries);
    changes.add(device({ id: 'a' }));
    changes.add(device({ id: 'b' }));
    vi.advanceTimersByTime(300);
    expect(invalidated).toHaveBeenCalledExactlyOnceWith({ queryKey: keys.boots('a') });
  });
});

describe('commands', () => {
  it('mergeCommand_New_GoesOnTop', () => {
    expect(mergeCommand([command({ id: '1' })], command({ id: '2' })).map(({ id }) => id)).toEqual(['2', '1']);
  });

  it('mergeCommand_Known_IsReplacedInPlace', () => {
    const merged = mergeCommand([command({ id: '2' }), command({ id: '1' })], command({ id: '1', state: 'done' }));
    expect(merged.map(({ id, state }) => `${id} ${state}`)).toEqual(['2 sent', '1 done']);
  });

  it('storeCommand_AnswerAfterTheFinalEvent_KeepsTheEvent', () => {
    const queries = new QueryClient();
    queries.setQueryData(keys.commands('d'), { items: [] });
    storeCommand(queries, command({ id: '1', deviceId: 'd', state: 'done' }));
    storeCommand(queries, command({ id: '1', deviceId: 'd', state: 'sent' }), { onlyNew: true });
    expect(queries.getQueryData<{ items: { state: string }[] }>(keys.commands('d'))?.items.map(({ state }) => state)).toEqual(['done']);
  });
});
