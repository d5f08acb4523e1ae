import { useLayoutEffect } from 'react';

/** What opened a menu stays when the menu's entry is gone. */
function openerOf(element: Element | null): HTMLElement | null {
  const menu = element?.closest('[role=menu]');
  const opener = menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : element;
  return opener instanceof HTMLElement && opener !== document.body ? opener : null;
}

/** Whoever opened a dialog with the keyboard goes on where they were, also when the dialog is taken out of the page. */
export function useFocusReturn(opened: boolean): void {
  useLayoutEffect(() => {
    if (!opened) return;
    const opener = openerOf(document.activeElement);
    return () => {
      // The dialog leaves the page first, and takes the focus with it.
      setTimeout(() => {
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (opener?.isConnected && lost) opener.focus({ preventScroll: true });
      });
    };
  }, [opened]);
}
