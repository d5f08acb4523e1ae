import { Select, TextInput } from '@mantine/core';
import { useEffect, useEffectEvent, useState } from 'react';
import { SearchIcon } from '@/ui/icons';
import css from './Relay.module.css';

/** Milliseconds after the last key before the server is asked. */
const typingPause = 250;

interface Props<Sort extends string> {
  label: string;
  placeholder: string;
  sorts: { value: Sort; label: string }[];
  sort: Sort;
  /** Whether `/` goes here. */
  isFirst?: boolean;
  onSearch: (text: string) => void;
  onSort: (sort: Sort) => void;
}

export function ListFilters<Sort extends string>({ label, placeholder, sorts, sort, isFirst = false, onSearch, onSort }: Props<Sort>) {
  const [text, setText] = useState('');
  const [applied, setApplied] = useState('');
  const apply = useEffectEvent((value: string) => {
    setApplied(value);
    onSearch(value);
  });
  useEffect(() => {
    if (text.trim() === applied) return;
    const timer = setTimeout(() => apply(text.trim()), typingPause);
    return () => clearTimeout(timer);
  }, [text, applied]);
  return (
    <div className={css['filters']} role="search" aria-label={label}>
      <TextInput
        className={css['search'] ?? ''} aria-label={label} placeholder={placeholder} maxLength={200} leftSection={<SearchIcon size={16} />}
        value={text} onChange={(event) => setText(event.currentTarget.value)} {...(isFirst ? { 'data-search': true } : {})}
      />
      <Select
        className={css['sort'] ?? ''} aria-label={`${label}: which first`} data={sorts} value={sort} allowDeselect={false}
        onChange={(value) => { const chosen = sorts.find((one) => one.value === value); if (chosen) onSort(chosen.value); }}
      />
    </div>
  );
}
