import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countRejections, rejectionText } from '@/features/rejections/rejectionTexts';

const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, word]) => word ?? '');

/** The words as they stand in the sources that count them. */
const serverReasons = found(readFileSync('../fleet-server/Ingest/RejectionReason.cs', 'utf8'), /const string \w+ = "([a-z-]+)"/g);
const agentReasons = [...new Set(['Downlink', 'Commands'].flatMap((folder) =>
  readdirSync(join('../agent', folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.cs'))
    .flatMap((name) => found(readFileSync(join('../agent', folder, name), 'utf8'), /"((?:frame|record|epoch|trust|command)-[a-z-]+)"/g))))];

describe('rejectionText', () => {
  it('sources_NameReasons', () => {
    expect(serverReasons.length).toBeGreaterThan(10);
    expect(agentReasons.length).toBeGreaterThan(10);
  });
  it.each(serverReasons)('%s_OfTheServer_IsExplained', (reason) => expect(rejectionText('server', reason)?.advice).toBeTruthy());
  it.each(agentReasons)('%s_OfADevice_IsExplained', (reason) => expect(rejectionText('device', reason)?.advice).toBeTruthy());
  it('newReason_HasNoExplanation', () => expect(rejectionText('server', 'zzz')).toBeNull());
});

describe('countRejections', () => {
  it('tampered_IsSuspicious_ReplayedToTheServerIsNot', () => {
    expect(countRejections([{ side: 'server', reason: 'tampered', count: 2 }, { side: 'server', reason: 'replayed', count: 40 }])).toEqual({ all: 42, suspicious: 2 });
  });
  it('unknownReason_IsSuspicious', () => expect(countRejections([{ side: 'device', reason: 'zzz', count: 1 }]).suspicious).toBe(1));
});
