import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findingKinds, findingText } from '@/features/audit/findingTexts';

const kinds = [...readFileSync('../fleet-server/Audit/Findings/FindingKind.cs', 'utf8').matchAll(/const string \w+ = "([a-z-]+)"/g)].map((match) => match[1] ?? '');

describe('findingText', () => {
  it('knowsEveryKindOfTheServer', () => expect([...findingKinds].sort()).toEqual([...kinds].sort()));
  it.each(kinds)('%s_HasAMeaningAndAdvice', (kind) => {
    const known = findingText(kind);
    expect(known?.meaning).toBeTruthy();
    expect(known?.advice).toBeTruthy();
  });
  it('newKind_HasNone', () => expect(findingText('zzz')).toBeNull());
});
