import { describe, expect, it } from 'vitest';
import { mergeFile } from '@/live/deviceCache';
import { file } from '../builders';

const list = {
  pages: [{ items: [file({ id: 'c' }), file({ id: 'b' })], next: '2' }, { items: [file({ id: 'a' })], next: null }],
  pageParams: [null, '2'],
};
const ids = (of: typeof list) => of.pages.map((page) => page.items.map(({ id }) => id));

describe('mergeFile', () => {
  it('puts a new file on top', () => { expect(ids(mergeFile(list, file({ id: 'd' })))).toEqual([['d', 'c', 'b'], ['a']]); });

  it('replaces a known one where it is', () => {
    const merged = mergeFile(list, file({ id: 'a', receivedBytes: 7 }));
    expect(ids(merged)).toEqual([['c', 'b'], ['a']]);
    expect(merged.pages[1]?.items[0]?.receivedBytes).toBe(7);
  });

  it('takes a deleted one away', () => { expect(ids(mergeFile(list, file({ id: 'b', state: 'deleted' })))).toEqual([['c'], ['a']]); });

  it('leaves the list alone when an unknown one is deleted', () => { expect(mergeFile(list, file({ id: 'x', state: 'deleted' }))).toBe(list); });
});
