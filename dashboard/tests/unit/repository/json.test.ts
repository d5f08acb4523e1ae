import { describe, expect, it } from 'vitest';
import { canonicalJson, canonicalText } from '@/repository/canonicalJson';
import { parseJson } from '@/repository/json';
import { toHex } from '@/trust/protocol/bytes';
import { Malformed } from '@/trust/protocol/malformed';

const parse = (text: string) => parseJson(new TextEncoder().encode(text));

describe('parseJson', () => {
  it('reads what RFC 8259 knows, whatever its white space and escapes', () => {
    expect(canonicalText(parse(' { "b" : [ 1, -2 , 0 ,true,false,null ] ,\n"a":"\\u0041\\/\\ud83d\\ude00" } '))).toBe('{"a":"A/😀","b":[1,-2,0,true,false,null]}');
    expect(canonicalText(parse('{"a":{},"b":[],"c":""}'))).toBe('{"a":{},"b":[],"c":""}');
    expect(parse('9007199254740991')).toBe(9_007_199_254_740_991);
  });

  it.each([
    ['nothing', ''], ['half an object', '{"a":1'], ['something behind it', '{} {}'], ['a name that stands twice', '{"a":1,"a":1}'], ['the same name by an escape', '{"a":1,"\\u0061":2}'],
    ['a fraction', '1.0'], ['an exponent', '1e3'], ['minus zero', '-0'], ['a leading zero', '01'], ['a number beyond 53 bits', '9007199254740993'], ['a plus', '+1'],
    ['a trailing comma', '[1,]'], ['a comma alone', '{,}'], ['a comment', '[1/*x*/]'], ['a control character', '"a\nb"'], ['an escape that is none', '"\\x41"'], ['half an escape', '"\\u00'],
    ['a lone surrogate', '"\\ud800"'], ['single quotes', "'a'"], ['a text without an end', '"a'], ['a word', 'nul'], ['a byte order mark', '\ufeff{}'], ['NaN', 'NaN'],
    ['17 nested arrays', '['.repeat(17) + ']'.repeat(17)], ['a text that is too long', `"${'a'.repeat(8193)}"`], ['too many values', `[${'0,'.repeat(32_768)}0]`],
    ['very deep nesting', '['.repeat(200_000)],
  ])('refuses %s', (_, text) => {
    expect(() => parse(text)).toThrow(Malformed);
  });

  it('refuses what is not UTF-8, wherever it is cut', () => {
    expect(() => parseJson(Uint8Array.of(0x22, 0xc3, 0x28, 0x22))).toThrow(Malformed);
    const whole = new TextEncoder().encode('{"a":["ä",{"b":12}]}');
    for (let length = 0; length < whole.length; length++) expect(() => parseJson(whole.slice(0, length))).toThrow(Malformed);
  });

  it('takes 16 nested arrays and the longest text', () => {
    expect(parse('['.repeat(16) + ']'.repeat(16))).toBeDefined();
    expect(parse(`"${'a'.repeat(8192)}"`)).toBe('a'.repeat(8192));
  });
});

describe('canonicalJson', () => {
  it('orders members by their bytes in UTF-8, and not by the halves of their characters', () => {
    // U+FF61 is before U+1F600 in UTF-8, and behind it in UTF-16.
    expect(canonicalText(parse('{"\\ud83d\\ude00":1,"\uff61":2,"b":3,"":4,"B":5}'))).toBe('{"":4,"B":5,"b":3,"\uff61":2,"\ud83d\ude00":1}');
  });

  it('escapes quotation marks and backslashes alone', () => {
    expect(toHex(canonicalJson(parse('"\\"\\\\\\n\\u0001/"')))).toBe('225c225c5c0a012f22');
  });
});
