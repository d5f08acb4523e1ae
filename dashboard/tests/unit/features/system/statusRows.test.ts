import { describe, expect, it } from 'vitest';
import { statusRows } from '@/features/system/statusRows';

describe('statusRows', () => {
  it('nestedValues_AreCalledByTheirPath', () => {
    expect(statusRows({ relay: { tlsPort: 8883, up: true }, bytesReceived: 2048, uptimeSeconds: 90 })).toEqual([
      ['Relay, tls port', '8,883'], ['Relay, up', 'yes'], ['Bytes received', '2 KiB'], ['Uptime seconds', '1 min 30 s'],
    ]);
  });

  it('lists_AreJoinedOrNumbered', () => {
    expect(statusRows({ names: ['a', 'b'], none: [], nodes: [{ id: 1 }] })).toEqual([['Names', 'a, b'], ['None', 'none'], ['Nodes 1, id', '1']]);
  });

  it('nothingKnown_IsADash', () => expect(statusRows({ version: null })).toEqual([['Version', '–']]));
});
