import { Refused } from '../refused';

/** Clocks of two machines are not exact. */
const slack = 5 * 60_000;

/**
 * What time is signed. Devices take the newest that roots and rosters were signed at as the least that the time can be, so it must not be
 * a guess, and neither go back nor be ahead.
 */
export interface Clock {
  /** This machine's, Unix milliseconds. */
  now: number;
  /** The server's when it last answered; null when it did not say. */
  server: number | null;
}

/** `last`: when the fleet has last signed. */
export function signingTime({ now, server }: Clock, last: number): number {
  if (server !== null && now - server > slack) {
    throw new Refused(`This computer’s clock says ${text(now)}, the server’s ${text(server)}. Nothing was signed, for devices would keep a time that is ahead. Set the clock that is wrong.`);
  }
  if (now + slack < last) {
    throw new Refused(`This computer’s clock says ${text(now)}, but the fleet has signed at ${text(last)} already. Set the clock; devices go by what is signed.`);
  }
  return Math.max(now, last);
}

const text = (time: number) => new Date(time).toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
