import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';
import { Shortcuts } from './shortcuts';

/** `/` goes to the page's search field, `g` and a letter to a page, `?` shows help. */
export function useShortcuts(onHelp: () => void): void {
  const navigate = useNavigate();
  const run = useEffectEvent((action: string) => {
    switch (action) {
      case 'help': onHelp(); break;
      case 'search': document.querySelector<HTMLElement>('[data-search]')?.focus(); break;
      case 'devices': void navigate({ to: '/devices' }); break;
      case 'add': void navigate({ to: '/add-device' }); break;
      case 'enrolment': void navigate({ to: '/enrolment' }); break;
      case 'trust': void navigate({ to: '/trust' }); break;
      case 'audit': void navigate({ to: '/audit' }); break;
      case 'relay': void navigate({ to: '/relay' }); break;
      case 'system': void navigate({ to: '/system' }); break;
    }
  });
  useEffect(() => {
    const shortcuts = new Shortcuts();
    const onKey = (event: KeyboardEvent) => {
      const action = shortcuts.press(event);
      if (action === null) return;
      event.preventDefault();
      run(action);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
