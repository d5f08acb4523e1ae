import { apiUrl } from '@/api/client';
import { SseParser, type SseEvent } from './sseParser';

export type LiveState = 'idle' | 'connecting' | 'live' | 'reconnecting';

export interface LiveListener {
  onEvent(event: string, data: unknown): void;
  /** Events may have been missed: what is shown must be read again. */
  onResync(): void;
  onSignedOut(): void;
}

export interface LiveOptions {
  fetch?: typeof fetch;
  random?: () => number;
  /** Milliseconds without a byte after which the connection counts as dead; the server sends one at least every 15 s. */
  silence?: number;
}

const firstRetry = 500;
const longestRetry = 15_000;

/**
 * One event stream for the whole dashboard. Topics are counted; when they change, a new stream is opened before the
 * old one is closed, so that nothing falls between them.
 */
export class LiveClient {
  private readonly topics = new Map<string, number>();
  private readonly watchers = new Set<() => void>();
  private readonly fetch: typeof fetch;
  private readonly random: () => number;
  private readonly silence: number;
  private readonly listener: LiveListener;
  private current: AbortController | null = null;
  private openTopics: ReadonlySet<string> = new Set();
  private state: LiveState = 'idle';
  private everOpened = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private started = false;

  constructor(listener: LiveListener, options: LiveOptions = {}) {
    this.listener = listener;
    this.fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.random = options.random ?? Math.random;
    this.silence = options.silence ?? 40_000;
  }

  getState = (): LiveState => this.state;

  /** True when the open stream carries the topic, or when it is known that there is no stream to wait for. */
  isSettled = (topic: string): boolean => this.openTopics.has(topic) || this.state === 'reconnecting';

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  start(): void {
    if (this.started) return;
    this.started = true;
    this.scheduleOpen(0);
  }

  stop(): void {
    this.started = false;
    clearTimeout(this.timer);
    this.current?.abort();
    this.current = null;
    this.openTopics = new Set();
    this.everOpened = false;
    this.failures = 0;
    this.setState('idle');
  }

  subscribe(topic: string): () => void {
    const count = this.topics.get(topic) ?? 0;
    this.topics.set(topic, count + 1);
    if (count === 0) this.topicsChanged();
    let active = true;
    return () => {
      if (!active) return;
      active = false;
      const left = (this.topics.get(topic) ?? 1) - 1;
      if (left > 0) this.topics.set(topic, left);
      else this.topics.delete(topic);
      // A topic too many costs little; it goes with the next change, so leaving a page opens no new stream.
    };
  }

  /** The network came back, or the page is shown again: no reason to wait for the timer. */
  retryNow(): void {
    if (this.started && this.state === 'reconnecting') this.scheduleOpen(0);
  }

  private topicsChanged(): void {
    if (!this.started) return;
    const missing = [...this.topics.keys()].some((topic) => !this.openTopics.has(topic));
    if (missing && this.state !== 'reconnecting') this.scheduleOpen(0);
  }

  private scheduleOpen(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.open(), delay);
  }

  private async open(): Promise<void> {
    if (!this.started) return;
    const previous = this.current;
    const wasLive = this.state === 'live';
    if (!wasLive) this.setState(this.everOpened || this.failures > 0 ? 'reconnecting' : 'connecting');
    const controller = new AbortController();
    this.current = controller;
    const topics = new Set(this.topics.keys());
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => controller.abort(), this.silence);
    };
    try {
      alive();
      const response = await this.fetch(apiUrl('/events', { topics: [...topics].sort().join(',') }), {
        headers: { Accept: 'text/event-stream' },
        credentials: 'same-origin',
        cache: 'no-store',
        signal: controller.signal,
      });
      if (response.status === 401) {
        this.listener.onSignedOut();
        return;
      }
      if (!response.ok || response.body === null) throw new Error(`events: ${response.status}`);
      previous?.abort();
      this.opened(topics, wasLive);
      await this.read(response.body, alive);
    } catch {
      // Whatever ended the stream, the answer is the same: open another and read again what may have been missed.
    } finally {
      clearTimeout(watchdog);
    }
    // stop() and a newer stream have taken this one away.
    if (this.current !== controller) return;
    previous?.abort();
    this.lost();
  }

  private opened(topics: ReadonlySet<string>, wasLive: boolean): void {
    this.openTopics = topics;
    this.failures = 0;
    const missedSome = this.everOpened && !wasLive;
    this.everOpened = true;
    this.setState('live');
    if (missedSome) this.listener.onResync();
  }

  private lost(): void {
    this.current = null;
    this.openTopics = new Set();
    this.failures++;
    this.setState('reconnecting');
    const ceiling = Math.min(longestRetry, firstRetry * 2 ** (this.failures - 1));
    this.scheduleOpen(ceiling * (0.5 + this.random() / 2));
  }

  private async read(body: ReadableStream<Uint8Array>, alive: () => void): Promise<void> {
    const decoder = new TextDecoder();
    const parser = new SseParser((event) => this.dispatch(event));
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      parser.push(decoder.decode(value, { stream: true }));
    }
  }

  private dispatch(event: SseEvent): void {
    if (event.event === 'resync') {
      this.listener.onResync();
      return;
    }
    try {
      this.listener.onEvent(event.event, JSON.parse(event.data));
    } catch (error) {
      // One event that cannot be shown must not end the stream; the browser's console says which.
      reportError(error);
    }
  }

  private setState(state: LiveState): void {
    const changed = state !== this.state;
    this.state = state;
    if (changed || state === 'live') for (const watcher of this.watchers) watcher();
  }
}
