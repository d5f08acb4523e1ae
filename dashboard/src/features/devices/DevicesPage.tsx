import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { deviceListQuery } from '@/api/devices';
import { mayActAs, sessionQuery } from '@/api/session';
import type { Device } from '@/api/types';
import { LinkButton } from '@/ui/LinkButton';
import { EmptyState } from '@/ui/EmptyState';
import { DevicesIcon, PlusIcon, SearchIcon } from '@/ui/icons';
import { ErrorNotice } from '@/ui/Notice';
import { Page, Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { ChosenBar } from './ChosenBar';
import { DeviceFilters } from './DeviceFilters';
import { DeviceTable } from './DeviceTable';
import { toFilter, type DeviceSearch } from './deviceSearch';

export function DevicesPage() {
  const search = useSearch({ from: '/signed-in/devices' });
  const navigate = useNavigate({ from: '/devices' });
  const { data: session } = useQuery(sessionQuery);
  const list = useInfiniteQuery({ ...deviceListQuery(toFilter(search)), placeholderData: (previous) => previous });
  const devices = list.data?.pages.flatMap((page) => page.items) ?? [];
  const total = list.data?.pages.at(-1)?.total;
  const change = (next: DeviceSearch) => void navigate({ search: next, replace: true });
  const filtered = Object.keys(search).length > 0;
  const [chosen, setChosen] = useState<ReadonlyMap<string, Device>>(new Map());
  const choose = (some: readonly Device[]) => setChosen(new Map(some.map((device) => [device.id, device])));
  const toggle = useCallback((device: Device) => setChosen((before) => {
    const next = new Map(before);
    if (!next.delete(device.id)) next.set(device.id, device);
    return next;
  }), []);
  const mayAdd = mayActAs(session?.user.role, 'operator');
  return (
    <Page
      title="Devices"
      lead={total === undefined ? 'Reading the fleet…' : `${total.toLocaleString('en-GB')} ${total === 1 ? 'device' : 'devices'}${filtered ? ' match' : ''}`}
      actions={mayAdd ? <LinkButton to="/add-device" leftSection={<PlusIcon />}>Add a device</LinkButton> : null}
    >
      <DeviceFilters search={search} devices={devices} onChange={change} />
      {list.isError ? <ErrorNotice error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isPending ? <SkeletonLines lines={8} height={52} label="Reading the devices" /> : null}
      {list.isSuccess && devices.length === 0 ? (
        <Panel>{filtered ? <NoMatch onClear={() => change({})} /> : <NoDevices mayAdd={mayAdd} />}</Panel>
      ) : null}
      {devices.length > 0 ? (
        <>
        {mayAdd ? <ChosenBar filter={toFilter(search)} total={total ?? devices.length} chosen={chosen} onChange={choose} /> : null}
        <DeviceTable
          devices={devices} total={total ?? devices.length} hasMore={list.hasNextPage} loadingMore={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()} chosen={mayAdd ? chosen : null} onChoose={toggle}
        />
        </>
      ) : null}
    </Page>
  );
}

function NoDevices({ mayAdd }: { mayAdd: boolean }) {
  return (
    <EmptyState
      icon={<DevicesIcon size={40} />} title="No devices yet"
      action={mayAdd ? <LinkButton to="/add-device" leftSection={<PlusIcon />}>Add the first device</LinkButton> : null}
    >
      {mayAdd
        ? 'Adding one takes a minute: you get one command, you run it on the device, and it appears here.'
        : 'An operator or an owner can add one. It will appear here by itself.'}
    </EmptyState>
  );
}

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState icon={<SearchIcon size={36} />} title="No device matches" action={<Button variant="default" onClick={onClear}>Show all devices</Button>}>
      Names, host names, tags and ids are searched.
    </EmptyState>
  );
}
