import { describe, expect, it } from 'vitest';
import type { Twin } from '@/api/types';
import { draftOf, readDraft, twinRows } from '@/features/device/twin/twinRows';
import { standsFor } from '@/trust/protocol/desiredState';

const document = {
  version: 3,
  settings: { 'Intervals:cpu': '30s' },
  files: { '/etc/a': { content: 'AQI=', mode: 0o640 } },
  units: ['a.service'],
  app: { 'pump.speed': 3, mode: 'auto' },
};

const twin: Twin = {
  deviceId: 'd', state: 'drifted', refused: null,
  desired: { version: 3, document, commandId: 'c', signedBy: null, createdBy: 'alice', createdAt: '2026-11-29T10:00:00Z', commandState: 'done' },
  reported: {
    version: 3, current: true, at: '2026-11-29T10:00:01Z', deviceTime: null,
    properties: [
      { kind: 'file', name: '/etc/a', state: 'drifted', healed: 2, until: '2026-11-29T10:10:00Z', detail: 'its content is another', value: null },
      { kind: 'app', name: 'pump.speed', state: 'converging', healed: 0, until: null, detail: '', value: 4 },
    ],
  },
};

describe('rows of a twin', () => {
  it('put what is wanted beside what is reported', () => {
    expect(twinRows(twin).map(({ id, desired, reported, state, healed }) => [id, desired, reported, state, healed])).toEqual([
      ['setting Intervals:cpu', '30s', null, null, 0],
      ['file /etc/a', '2 bytes, mode 0640', null, 'drifted', 2],
      ['unit a.service', 'active', null, null, 0],
      ['app pump.speed', '3', '4', 'converging', 0],
      ['app mode', '"auto"', null, null, 0],
    ]);
  });

  it('do not take what an older version says for what is wanted now', () => {
    const pending = { ...twin, desired: twin.desired && { ...twin.desired, version: 4 } };
    expect(twinRows(pending).every(({ state }) => state === null)).toBe(true);
    expect(twinRows(pending)).toHaveLength(5);
  });

  it('show what is reported of a state that this server does not know', () => {
    expect(twinRows({ ...twin, desired: null }).map(({ id, desired }) => [id, desired])).toEqual([['file /etc/a', null], ['app pump.speed', null]]);
  });
});

describe('a draft', () => {
  it('begins one version above all that is known', () => {
    expect(readDraft(draftOf(twin))).toEqual({ ...document, version: 4 });
    expect(readDraft(draftOf({ ...twin, refused: { version: 9, commandId: 'c', message: '' } }))['version']).toBe(10);
    expect(readDraft(draftOf({ ...twin, desired: null, reported: null }))['version']).toBe(1);
  });

  it('is an object', () => {
    expect(() => readDraft('[]')).toThrow(RangeError);
    expect(() => readDraft('{')).toThrow(SyntaxError);
  });
});

describe('what a desired state stands for', () => {
  it('is what by itself would do the same', () => {
    expect(standsFor('desired-set', document)).toEqual(['set-intervals', 'file-write', 'restart-unit', 'app']);
    expect(standsFor('desired-set', { version: 1, app: {} })).toEqual([]);
    expect(standsFor('ping', document)).toEqual([]);
  });
});
