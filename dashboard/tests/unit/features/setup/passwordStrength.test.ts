import { describe, expect, it } from 'vitest';
import { passwordStrength } from '@/features/setup/passwordStrength';

const level = (password: string, username = 'mira') => passwordStrength(password, username).level;

describe('passwordStrength', () => {
  it('tooShort_IsRefused_AndSaysHowMuchIsMissing', () => {
    expect(passwordStrength('short', 'mira')).toMatchObject({ level: 0, advice: '5 more characters.' });
  });

  it('anotherMinimum_IsAskedFor', () => {
    expect(passwordStrength('', '', 12).advice).toMatch(/^At least 12 characters/);
    expect(passwordStrength('elevenchars', '', 12)).toMatchObject({ level: 0, advice: '1 more character.' });
  });

  it('containsTheName_IsEasy', () => expect(level('my-mira-secret-42')).toBe(1));
  it('wellKnownWord_IsEasy', () => expect(level('password1234')).toBe(1));
  it('oneCharacterRepeated_IsEasy', () => expect(level('aaaaaaaaaaaaaaaaaaaa')).toBe(1));
  it('runAlongTheAlphabet_IsEasy', () => expect(level('abcdefghijklmnop')).toBe(1));
  it('fourWords_AreStrong', () => expect(level('correct horse battery staple')).toBe(4));
  it('longer_IsNeverWeaker', () => {
    const text = 'vK3 quiet lamp orbit';
    const levels = Array.from({ length: text.length }, (_, i) => level(text.slice(0, i + 1)));
    expect([...levels].sort((a, b) => a - b)).toEqual(levels);
  });
});
