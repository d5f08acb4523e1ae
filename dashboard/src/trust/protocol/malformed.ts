/** Input that the protocol does not know. Thrown by readers among themselves; {@link readOrNull} is where it ends. */
export class Malformed extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'Malformed';
  }
}

/** What a reader makes of the input; null when it is malformed. Any other error is one of this program. */
export async function readOrNull<T>(read: () => T | Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}
