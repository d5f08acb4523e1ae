import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { CheckIcon, CopyIcon } from './icons';
import css from './Copyable.module.css';

/** The clipboard API exists only in secure contexts; elsewhere the text is selected, ready for Ctrl+C. */
async function copy(text: string, element: HTMLElement | null): Promise<boolean> {
  if (window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (error) {
      console.debug('The browser refused the clipboard', error);
    }
  }
  if (element !== null) window.getSelection()?.selectAllChildren(element);
  return false;
}

export function Copyable({ text, label }: { text: string; label: string }) {
  const code = useRef<HTMLElement>(null);
  const [state, setState] = useState<'idle' | 'copied' | 'selected'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 4000);
    return () => clearTimeout(timer);
  }, [state]);
  return (
    <div className={css['box']}>
      <code ref={code} className={css['text']} aria-label={label}>{text}</code>
      <Button
        size="sm" variant={state === 'copied' ? 'light' : 'filled'}
        leftSection={state === 'copied' ? <CheckIcon /> : <CopyIcon />}
        onClick={async () => setState((await copy(text, code.current)) ? 'copied' : 'selected')}
      >
        {state === 'copied' ? 'Copied' : state === 'selected' ? 'Press Ctrl+C' : 'Copy'}
      </Button>
    </div>
  );
}
