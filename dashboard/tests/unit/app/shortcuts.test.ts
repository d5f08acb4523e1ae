// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import { Shortcuts } from '@/app/shortcuts';

let shortcuts: Shortcuts;
const press = (key: string, timeStamp = 0, change: Partial<KeyboardEvent> = {}) =>
  shortcuts.press({ key, timeStamp, ctrlKey: false, metaKey: false, altKey: false, target: document.body, ...change });

describe('Shortcuts', () => {
  beforeEach(() => { shortcuts = new Shortcuts(); });

  it('slash_Searches', () => expect(press('/')).toBe('search'));
  it('gThenD_GoesToDevices', () => expect([press('g'), press('d', 900)]).toEqual([null, 'devices']));
  it('gThenDTooLate_DoesNothing', () => expect([press('g'), press('d', 1300)]).toEqual([null, null]));
  it('gThenSomethingElse_ForgetsTheG', () => expect([press('g'), press('x', 10), press('d', 20)]).toEqual([null, null, null]));
  it('withControl_BelongsToTheBrowser', () => expect(press('/', 0, { ctrlKey: true })).toBeNull());
  it('inAField_IsTyping', () => expect(press('/', 0, { target: document.createElement('input') })).toBeNull());
});
