import { useEffect, useState } from 'react';

/** The time, renewed every `every` milliseconds, for texts that speak of how long ago. Nothing is asked of the server. */
export function useNow(every = 5000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
