import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { minSeverityChoices } from '@/ui/format/severity';
import { PauseIcon, PlayIcon, SearchIcon } from '@/ui/icons';
import { ErrorNotice } from '@/ui/Notice';
import { useDevice } from '../deviceContext';
import { LogView } from './LogView';
import css from './Logs.module.css';
import { useLogTail } from './useLogTail';

export function LogsTab() {
  const device = useDevice();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), 250);
  const [minSeverity, setMinSeverity] = useState(0);
  const result = useLogTail(device.id, { search, minSeverity });
  const { tail, dispatch } = result;
  return (
    <>
      <div className={css['tools']}>
        <TextInput
          className={css['search'] ?? ''} aria-label="Search the log" placeholder="Search the log  ( / )" data-search leftSection={<SearchIcon size={16} />}
          value={text} onChange={(event) => setText(event.currentTarget.value)}
        />
        <Select
          className={css['severity'] ?? ''} aria-label="Severity" data={minSeverityChoices} value={String(minSeverity)} allowDeselect={false}
          onChange={(value) => setMinSeverity(Number(value))}
        />
        <div className={css['right']}>
          <span className="quiet small" role="status">{tail.paused ? `Paused, ${tail.held.length} new` : `${tail.lines.length.toLocaleString('en-GB')} ${tail.lines.length === 1 ? 'line' : 'lines'}`}</span>
          <Button
            variant={tail.paused ? 'filled' : 'default'} leftSection={tail.paused ? <PlayIcon size={16} /> : <PauseIcon size={16} />}
            onClick={() => dispatch({ type: tail.paused ? 'resume' : 'pause' })}
          >
            {tail.paused ? 'Go on' : 'Pause'}
          </Button>
        </div>
      </div>
      {result.error ? <ErrorNotice error={result.error} retry={result.retry} /> : null}
      <LogView key={device.id} result={result} search={search} filtered={search !== '' || minSeverity > 0} />
    </>
  );
}
