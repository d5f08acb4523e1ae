/** Runs named steps one after the other and counts them. A step that needs a failed one fails, too, and says so. */
export class Harness {
  #passed = 0;
  #failed = 0;
  #failures = new Set();

  async step(name, body, { after = [] } = {}) {
    const missing = after.find((needed) => this.#failures.has(needed));
    const start = performance.now();
    try {
      if (missing) throw new Error(`needs "${missing}", which failed`);
      const note = await body();
      this.#passed++;
      console.log(`  ok    ${name} (${Math.round(performance.now() - start)} ms)${typeof note === 'string' ? `: ${note}` : ''}`);
    } catch (error) {
      this.#failed++;
      this.#failures.add(name);
      console.log(`  FAIL  ${name}\n        ${describe(error).replaceAll('\n', '\n        ')}`);
    }
  }

  /** Something outside of any step went wrong. */
  broken(error) {
    this.#failed++;
    console.log(`  FAIL  ${error instanceof Error ? error.stack : error}`);
  }

  finish() {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    process.exitCode = this.#failed === 0 ? 0 : 1;
  }
}

/** The message, and where in the steps it happened. */
function describe(error) {
  if (!(error instanceof Error)) return String(error);
  const place = error.stack?.split('\n').find((line) => line.includes('/steps/'));
  return place ? `${error.message}\n${place.trim()}` : (error.stack ?? error.message);
}

export function assert(condition, message) {
  if (!condition) throw new Error(message);
}

/** Asks until the answer is true; for what has no event to wait for. */
export async function eventually(check, message, timeout = 10_000) {
  const end = performance.now() + timeout;
  for (;;) {
    const answer = await check();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`${message} (waited ${timeout} ms)`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
