import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { deviceListQuery } from '@/api/devices';
import { ErrorNotice } from '@/ui/Notice';

const AssignDialog = lazy(async () => ({ default: (await import('./AssignDialog')).AssignDialog }));

/** Assigns to all active devices; the list of devices lets some be chosen. */
export function AssignToAll({ target, label }: { target?: string; label: string }) {
  const [open, setOpen] = useState(false);
  const [reading, setReading] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const list = useInfiniteQuery({ ...deviceListQuery({ status: 'active' }), enabled: false });
  const begin = async () => {
    setReading(true);
    setError(null);
    let result = await list.fetchNextPage();
    while (result.hasNextPage && !result.isError) result = await list.fetchNextPage();
    setReading(false);
    setError(result.error);
    setOpen(!result.isError);
  };
  return (
    <>
      <Button size="compact-sm" variant={target === undefined ? 'filled' : 'default'} loading={reading} onClick={() => void begin()}>{label}</Button>
      {error ? <ErrorNotice error={error} /> : null}
      {open ? (
        <Suspense>
          <AssignDialog devices={list.data?.pages.flatMap((page) => page.items) ?? []} {...(target === undefined ? {} : { target })} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
