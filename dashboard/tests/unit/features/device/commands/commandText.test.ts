import { describe, expect, it } from 'vitest';
import { commandArguments, declaredNames, splitArguments } from '@/features/device/commands/commandText';

describe('splitArguments', () => {
  it.each([
    ['', []],
    ['  a   b ', ['a', 'b']],
    ['--name "two words"', ['--name', 'two words']],
    ["'it''s' x", ['its', 'x']],
    ['a\\ b "c\\"d"', ['a b', 'c"d']],
    ["'a\\b'", ['a\\b']],
    ['"" x', ['', 'x']],
    ['$HOME *', ['$HOME', '*']],
  ])('%s', (input, expected) => expect(splitArguments(input)).toEqual(expected));
});

describe('commandArguments', () => {
  it('script_IsShownAsItWouldBeTyped', () => {
    expect(commandArguments({ type: 'run-script', args: { name: 'report', arguments: ['-v', 'two words', "it's"] } })).toBe("report -v 'two words' 'it'\\''s'");
  });

  it('typedArguments_SurviveTheRoundTrip', () => {
    const values = ['plain', 'two words', "it's", '', '"', '\\', '$(x)'];
    const shown = commandArguments({ type: 'run-script', args: { name: 'n', arguments: values } });
    expect(splitArguments(shown).slice(1)).toEqual(values);
  });

  it('intervals_AreShownInSeconds', () => {
    expect(commandArguments({ type: 'set-intervals', args: { intervals: { cpu: 2500, disk: 10_000 } } })).toBe('cpu 2.5 s, disk 10 s');
  });

  it('outputs_AreShownWithTheirValueAndPulse', () => {
    expect(commandArguments({ type: 'gpio-set', args: { name: 'pump', value: true, pulse: 1500 } })).toBe('pump on for 1.5 s');
    expect(commandArguments({ type: 'gpio-set', args: { name: 'pump', value: false } })).toBe('pump off');
    expect(commandArguments({ type: 'app', args: { name: 'plc', arguments: ['set', 'a b'] } })).toBe("plc set 'a b'");
    expect(commandArguments({ type: 'pwm-set', args: { name: 'fan', duty: 0.255 } })).toBe('fan 25.5 %');
  });

  it('declaredNames_AreThoseOfTheFact', () => {
    expect(declaredNames('pump,valve')).toEqual(['pump', 'valve']);
    expect(declaredNames(undefined)).toEqual([]);
  });

  it('unknownTypeOrArguments_AreEmpty', () => {
    expect(commandArguments({ type: 'rotate-keys', args: { x: 1 } })).toBe('');
    expect(commandArguments({ type: 'collect', args: null })).toBe('');
  });
});
