import { SegmentedControl, Select, TextInput } from '@mantine/core';
import { useEffect, useEffectEvent, useState } from 'react';
import type { Device } from '@/api/types';
import { SearchIcon } from '@/ui/icons';
import css from './DeviceFilters.module.css';
import { readDeviceSearch, type DeviceSearch } from './deviceSearch';

interface Props {
  search: DeviceSearch;
  devices: readonly Device[];
  onChange: (search: DeviceSearch) => void;
}

const shows = [
  { value: '', label: 'All' },
  { value: 'online', label: 'Online' },
  { value: 'offline', label: 'Offline' },
  { value: 'pending', label: 'Pending' },
  { value: 'revoked', label: 'Revoked' },
];

/** An empty value leaves the filter out of the address. */
const changed = (search: DeviceSearch, name: keyof DeviceSearch, value: string) => readDeviceSearch({ ...search, [name]: value });

/** Milliseconds after the last key before the server is asked. */
const typingPause = 200;

export function DeviceFilters({ search, devices, onChange }: Props) {
  const [text, setText] = useState(search.q ?? '');
  const [applied, setApplied] = useState(search.q ?? '');
  // The address changed by other means, the back button or "show all": follow it.
  if ((search.q ?? '') !== applied) {
    setApplied(search.q ?? '');
    setText(search.q ?? '');
  }
  const apply = useEffectEvent((value: string) => {
    setApplied(value);
    onChange(changed(search, 'q', value));
  });
  useEffect(() => {
    if (text.trim() === applied) return;
    const timer = setTimeout(() => apply(text.trim()), typingPause);
    return () => clearTimeout(timer);
  }, [text, applied]);
  const tags = [...new Set([...devices.flatMap((device) => device.tags), ...(search.tag ? [search.tag] : [])])].sort();
  const setTag = (tag: string | null) => {
    onChange(changed(search, 'tag', tag ?? ''));
  };
  const setShow = (value: string) => {
    onChange(changed(search, 'show', value));
  };
  return (
    <div className={css['filters']} role="search">
      <TextInput
        className={css['search'] ?? ''} aria-label="Search devices" placeholder="Search names, hosts, ids  ( / )" data-search
        leftSection={<SearchIcon size={16} />} value={text} onChange={(event) => setText(event.currentTarget.value)}
      />
      <Select
        className={css['tag'] ?? ''} aria-label="Tag" placeholder="Any tag" data={tags} value={search.tag ?? null} onChange={setTag}
        clearable searchable disabled={tags.length === 0} nothingFoundMessage="No such tag"
      />
      <div className={css['scroll']}>
        <SegmentedControl aria-label="State" size="sm" data={shows} value={search.show ?? ''} onChange={setShow} transitionDuration={0} />
      </div>
    </div>
  );
}
