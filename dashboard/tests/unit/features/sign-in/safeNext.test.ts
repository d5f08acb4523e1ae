import { describe, expect, it } from 'vitest';
import { safeNext } from '@/features/sign-in/safeNext';

describe('safeNext', () => {
  it.each(['/devices/ab?x=1', '/audit'])('%s is kept', (next) => expect(safeNext(next)).toBe(next));
  it.each([undefined, '', 'https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/sign-in?next=/x'])(
    '%s goes to the devices', (next) => expect(safeNext(next)).toBe('/devices'));
});
