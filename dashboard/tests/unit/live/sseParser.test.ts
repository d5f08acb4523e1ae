import { describe, expect, it } from 'vitest';
import { SseParser, type SseEvent } from '@/live/sseParser';

function parse(...chunks: string[]): SseEvent[] {
  const events: SseEvent[] = [];
  const parser = new SseParser((event) => events.push(event));
  for (const chunk of chunks) parser.push(chunk);
  return events;
}

describe('SseParser', () => {
  it('push_NamedEvent_GivesNameAndData', () => {
    expect(parse('event: device\ndata: {"a":1}\n\n')).toEqual([{ event: 'device', data: '{"a":1}' }]);
  });

  it('push_SplitAnywhere_GivesTheSameEvents', () => {
    const text = ': hello\r\nevent: logs\r\ndata: one\r\ndata: two\r\n\r\ndata: x\n\n';
    const whole = parse(text);
    expect(whole).toEqual([{ event: 'logs', data: 'one\ntwo' }, { event: 'message', data: 'x' }]);
    for (let cut = 1; cut < text.length; cut++) expect(parse(text.slice(0, cut), text.slice(cut))).toEqual(whole);
  });

  it('push_CommentsAndEmptyBlocks_GiveNothing', () => {
    expect(parse(': heartbeat\n\n', '\n\n', 'event: lonely\n\n')).toEqual([]);
  });

  it('push_UnfinishedEvent_WaitsForItsEnd', () => {
    expect(parse('data: 1\n')).toEqual([]);
    expect(parse('data: 1\n', '\n')).toEqual([{ event: 'message', data: '1' }]);
  });

  it('push_ValueWithoutSpaceOrWithTwo_KeepsAllButOne', () => {
    expect(parse('data:a\ndata:  b\n\n')).toEqual([{ event: 'message', data: 'a\n b' }]);
  });
});
