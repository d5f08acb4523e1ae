import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveClient } from '@/live/liveClient';

/** One stream as the server would open it. */
class Stream {
  readonly url: string;
  readonly signal: AbortSignal;
  private answer!: (response: Response) => void;
  private refuse!: (error: Error) => void;
  private body!: ReadableStreamDefaultController<Uint8Array>;
  readonly response = new Promise<Response>((resolve, reject) => {
    this.answer = resolve;
    this.refuse = reject;
  });

  constructor(url: string, signal: AbortSignal) {
    this.url = url;
    this.signal = signal;
    signal.addEventListener('abort', () => {
      this.refuse(new DOMException('aborted', 'AbortError'));
      this.fail(new DOMException('aborted', 'AbortError'));
    });
  }

  open(status = 200): void {
    this.answer(new Response(new ReadableStream<Uint8Array>({ start: (controller) => { this.body = controller; } }), { status }));
  }

  send(text: string): void {
    this.body.enqueue(new TextEncoder().encode(text));
  }

  fail(error: Error = new Error('cut')): void {
    this.refuse(error);
    try {
      this.body.error(error);
    } catch {
      // Never opened.
    }
  }
}

function setUp() {
  const streams: Stream[] = [];
  const listener = { onEvent: vi.fn(), onResync: vi.fn(), onSignedOut: vi.fn() };
  const client = new LiveClient(listener, {
    random: () => 1,
    fetch: (url, init) => {
      const stream = new Stream(url as string, init?.signal as AbortSignal);
      streams.push(stream);
      return stream.response;
    },
  });
  const step = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
  const stream = (index: number) => {
    const found = streams[index];
    if (found === undefined) throw new Error(`stream ${index} was not opened`);
    return found;
  };
  return { streams, stream, listener, client, step };
}

describe('LiveClient', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  it('start_StreamOpens_IsLiveWithoutResync', async () => {
    const { client, stream, listener, step } = setUp();
    client.subscribe('devices');
    client.start();
    await step();
    expect(client.getState()).toBe('connecting');
    stream(0).open();
    await step();
    expect(client.getState()).toBe('live');
    expect(stream(0).url).toBe('/api/v1/events?topics=devices');
    expect(listener.onResync).not.toHaveBeenCalled();
  });

  it('event_Arrives_IsHandedOver', async () => {
    const { client, stream, listener, step } = setUp();
    client.start();
    await step();
    stream(0).open();
    await step();
    stream(0).send('event: device\ndata: {"id":"1"}\n\n');
    await step();
    expect(listener.onEvent).toHaveBeenCalledExactlyOnceWith('device', { id: '1' });
  });

  it('streamLost_OpensAnother_ThenResyncs', async () => {
    const { client, stream, streams, listener, step } = setUp();
    client.start();
    await step();
    stream(0).open();
    await step();
    stream(0).fail();
    await step();
    expect(client.getState()).toBe('reconnecting');
    await step(499);
    expect(streams).toHaveLength(1);
    await step(1);
    stream(1).open();
    await step();
    expect(client.getState()).toBe('live');
    expect(listener.onResync).toHaveBeenCalledOnce();
  });

  it('streamFailsAgainAndAgain_WaitsLongerEachTime', async () => {
    const { client, stream, streams, step } = setUp();
    client.start();
    await step();
    for (const wait of [500, 1000, 2000, 4000, 8000, 15_000, 15_000]) {
      const opened = streams.length;
      stream(opened - 1).fail();
      await step(wait - 1);
      expect(streams).toHaveLength(opened);
      await step(1);
      expect(streams).toHaveLength(opened + 1);
    }
  });

  it('silence_LongerThanTheHeartbeat_CountsAsLost', async () => {
    const { client, stream, step } = setUp();
    client.start();
    await step();
    stream(0).open();
    await step(30_000);
    stream(0).send(': heartbeat\n\n');
    await step(39_000);
    expect(client.getState()).toBe('live');
    await step(1_001);
    expect(client.getState()).toBe('reconnecting');
    expect(stream(0).signal.aborted).toBe(true);
  });

  it('subscribe_NewTopic_OpensBeforeItCloses', async () => {
    const { client, stream, listener, step } = setUp();
    client.subscribe('devices');
    client.start();
    await step();
    stream(0).open();
    await step();
    client.subscribe('device:1');
    await step();
    expect(stream(1).url).toContain('device%3A1%2Cdevices');
    expect(stream(0).signal.aborted).toBe(false);
    expect(client.isSettled('device:1')).toBe(false);
    stream(1).open();
    await step();
    expect(stream(0).signal.aborted).toBe(true);
    expect(client.isSettled('device:1')).toBe(true);
    expect(client.getState()).toBe('live');
    expect(listener.onResync).not.toHaveBeenCalled();
  });

  it('unsubscribe_LastOne_OpensNoNewStream', async () => {
    const { client, stream, streams, step } = setUp();
    const leave = client.subscribe('device:1');
    client.start();
    await step();
    stream(0).open();
    await step();
    leave();
    await step(60_000);
    expect(new Set(streams.map(({ url }) => url))).toEqual(new Set(['/api/v1/events?topics=device%3A1', '/api/v1/events']));
  });

  it('answer401_SaysSignedOut_AndDoesNotTryAgain', async () => {
    const { client, stream, streams, listener, step } = setUp();
    client.start();
    await step();
    stream(0).open(401);
    await step(60_000);
    expect(listener.onSignedOut).toHaveBeenCalledOnce();
    expect(streams).toHaveLength(1);
  });

  it('resyncEvent_FromTheServer_Resyncs', async () => {
    const { client, stream, listener, step } = setUp();
    client.start();
    await step();
    stream(0).open();
    await step();
    stream(0).send('event: resync\ndata: {}\n\n');
    await step();
    expect(listener.onResync).toHaveBeenCalledOnce();
  });

  it('listenerThrows_TheStreamGoesOn', async () => {
    const report = vi.fn();
    vi.stubGlobal('reportError', report);
    const { client, stream, listener, step } = setUp();
    listener.onEvent.mockImplementationOnce(() => { throw new Error('cannot show this'); });
    client.start();
    await step();
    stream(0).open();
    await step();
    stream(0).send('event: a\ndata: 1\n\nevent: b\ndata: 2\n\n');
    await step();
    expect(listener.onEvent).toHaveBeenLastCalledWith('b', 2);
    expect(report).toHaveBeenCalledOnce();
    expect(client.getState()).toBe('live');
    vi.unstubAllGlobals();
  });

  it('retryNow_WhileWaiting_OpensAtOnce', async () => {
    const { client, stream, streams, step } = setUp();
    client.start();
    await step();
    stream(0).fail();
    await step();
    client.retryNow();
    await step();
    expect(streams).toHaveLength(2);
  });

  it('stop_EndsTheStream_AndStaysStopped', async () => {
    const { client, stream, streams, step } = setUp();
    client.start();
    await step();
    stream(0).open();
    await step();
    client.stop();
    await step(60_000);
    expect(stream(0).signal.aborted).toBe(true);
    expect(client.getState()).toBe('idle');
    expect(streams).toHaveLength(1);
  });
});
