import { Button } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Command } from '@/api/types';
import { formatBytes } from '@/ui/format/unit';
import { CheckIcon, CopyIcon, DownIcon } from '@/ui/icons';
import { ErrorNotice } from '@/ui/Notice';
import { finalStates } from './commandText';
import css from './Commands.module.css';
import { type Output, plain, textOf } from './output';
import { useOutput } from './useOutput';

/** Pixels from the end within which the view still counts as being at it. */
const nearEnd = 24;

/** Follows what a command writes until somebody scrolls up. */
export function OutputView({ command }: { command: Command }) {
  const { output, error } = useOutput(command);
  if (error !== null && output.parts.length === 0) return <ErrorNotice error={error} />;
  if (output.parts.length === 0) return finalStates.has(command.state) ? null : <div className={css['sub']}>Nothing was written yet.</div>;
  return <OutputText output={output} isRunning={!output.ended && !finalStates.has(command.state)} />;
}

export function OutputText({ output, isRunning }: { output: Output; isRunning: boolean }) {
  const view = useRef<HTMLPreElement>(null);
  const [follow, setFollow] = useState(true);
  const cut = output.written !== null && output.written > output.next ? output.written - output.next : 0;
  useLayoutEffect(() => {
    if (follow && view.current !== null) view.current.scrollTop = view.current.scrollHeight;
  }, [follow, output]);
  const onScroll = () => {
    const element = view.current;
    if (element !== null) setFollow(element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd);
  };
  return (
    <div>
      <div className={css['outputFrame']}>
        {/* Scrollable regions must be reachable with the keyboard. */}
        <pre ref={view} className={css['output']} role="log" aria-label="Output" aria-live="off" tabIndex={0} onScroll={onScroll}>
          {output.parts.map((part) => (
            <span key={part.offset} className={part.source === 'output' ? undefined : css[part.source]}>{part.source === 'missing' ? `\n${part.text}\n` : plain(part.text)}</span>
          ))}
        </pre>
        {follow ? null : (
          <Button className={css['jump'] ?? ''} size="compact-xs" leftSection={<DownIcon size={14} />} onClick={() => setFollow(true)}>Follow</Button>
        )}
      </div>
      <div className={css['outputFoot']}>
        <span>
          {formatBytes(output.next)}{isRunning ? ', and it goes on' : ''}
          {cut > 0 ? `; ${formatBytes(cut)} more were not sent: the limit of the device or of the command was reached` : ''}
        </span>
        <CopyButton text={() => textOf(output)} />
      </div>
    </div>
  );
}

function CopyButton({ text }: { text: () => string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 4000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setState('copied');
    } catch (error) {
      console.debug('The browser refused the clipboard', error);
      setState('refused');
    }
  };
  // The clipboard exists in secure contexts only.
  if (!window.isSecureContext) return null;
  return (
    <Button size="compact-xs" variant="subtle" leftSection={state === 'copied' ? <CheckIcon size={14} /> : <CopyIcon size={14} />} onClick={() => void copy()}>
      {state === 'copied' ? 'Copied' : state === 'refused' ? 'The browser refused' : 'Copy'}
    </Button>
  );
}
