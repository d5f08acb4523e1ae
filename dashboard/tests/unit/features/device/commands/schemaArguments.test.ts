import { describe, expect, it } from 'vitest';
import type { CommandType } from '@/api/types';
import { toArguments } from '@/features/device/commands/schemaArguments';

const type: CommandType = {
  type: 'run-inline', help: '', streams: true, roles: ['owner'],
  arguments: {
    properties: {
      interpreter: { type: 'string', description: '' }, body: { type: 'string', description: '', format: 'long-text' },
      arguments: { type: 'array', description: '' }, timeout: { type: 'integer', description: '' },
    },
    required: ['interpreter', 'body'],
  },
};

describe('arguments of a form', () => {
  it('whatIsRequiredAndEmpty_IsMissing', () => expect(toArguments(type, { interpreter: '/bin/sh', body: '' }).missing).toBe(true));

  it('whatIsOptionalAndEmpty_IsLeftOut', () => expect(toArguments(type, { interpreter: '/bin/sh', body: 'pwd', arguments: 'a "b c"', timeout: '' }))
    .toEqual({ args: { interpreter: '/bin/sh', body: 'pwd', arguments: ['a', 'b c'] }, missing: false, problem: null }));

  it('whatTheDeviceWouldRefuse_IsSaid', () => expect(toArguments(type, { interpreter: '/bin/sh', body: 'pwd', timeout: 0 }).problem).toContain('timeout'));

  it('bytes_AreBase64', () => {
    const write: CommandType = { ...type, type: 'file-write', arguments: { properties: { path: { type: 'string', description: '' }, content: { type: 'string', description: '', contentEncoding: 'base64' } }, required: ['path', 'content'] } };
    expect(toArguments(write, { path: '/a', content: Uint8Array.of(1, 2) }).args).toEqual({ path: '/a', content: 'AQI=' });
  });
});
