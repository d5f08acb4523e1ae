import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { deviceListQuery } from '@/api/devices';
import type { DeviceFilter } from '@/api/keys';
import type { Device } from '@/api/types';
import { ErrorNotice } from '@/ui/Notice';
import css from './DeviceTable.module.css';

const ManyCommandDialog = lazy(async () => ({ default: (await import('@/features/commands/ManyCommandDialog')).ManyCommandDialog }));

interface Props {
  filter: DeviceFilter;
  total: number;
  chosen: ReadonlyMap<string, Device>;
  onChange: (devices: readonly Device[]) => void;
}

/** What can be done with the devices that are chosen, and how all that match are. */
export function ChosenBar({ filter, total, chosen, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const list = useInfiniteQuery({ ...deviceListQuery(filter), enabled: false });
  const [reading, setReading] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const chooseAll = async () => {
    setReading(true);
    setError(null);
    let result = await list.fetchNextPage();
    while (result.hasNextPage && !result.isError) result = await list.fetchNextPage();
    setReading(false);
    if (result.isError) setError(result.error);
    else onChange(result.data?.pages.flatMap((page) => page.items) ?? []);
  };
  return (
    <div className={css['chosen']} role="group" aria-label="Chosen devices">
      <span>{chosen.size === 0 ? 'Choose devices to command them at once.' : `${chosen.size.toLocaleString('en-GB')} chosen`}</span>
      {chosen.size < total ? (
        <Button size="compact-sm" variant="default" loading={reading} onClick={() => void chooseAll()}>Choose all {total.toLocaleString('en-GB')}</Button>
      ) : null}
      {chosen.size > 0 ? (
        <>
          <Button size="compact-sm" variant="subtle" onClick={() => onChange([])}>Choose none</Button>
          <Button size="compact-sm" onClick={() => setOpen(true)}>Command…</Button>
        </>
      ) : null}
      {error ? <ErrorNotice error={error} /> : null}
      {open ? <Suspense><ManyCommandDialog devices={[...chosen.values()]} onClose={() => setOpen(false)} /></Suspense> : null}
    </div>
  );
}
