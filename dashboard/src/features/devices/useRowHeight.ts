import { useSyncExternalStore } from 'react';

const narrow = '(max-width: 640px)';

/** Pixels, as DeviceTable.module.css lays the rows out: two lines where there is no room for one. */
export function useRowHeight(): number {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(narrow);
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    () => (window.matchMedia(narrow).matches ? 96 : 60),
  );
}
