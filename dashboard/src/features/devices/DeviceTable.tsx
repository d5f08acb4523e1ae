import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import type { Device } from '@/api/types';
import { useNow } from '@/ui/useNow';
import { DeviceRow } from './DeviceRow';
import css from './DeviceTable.module.css';
import { useRowHeight } from './useRowHeight';

interface Props {
  devices: readonly Device[];
  total: number;
  hasMore: boolean;
  loadingMore: boolean;
  onMore: () => void;
  /** Ids of those that are chosen; null: nobody may choose. */
  chosen: ReadonlyMap<string, Device> | null;
  onChoose: (device: Device) => void;
}

/** Only the rows in view exist in the page; more are read as their place comes near. */
export function DeviceTable({ devices, total, hasMore, loadingMore, onMore, chosen, onChoose }: Props) {
  const body = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  const rowHeight = useRowHeight();
  const now = useNow();
  useLayoutEffect(() => {
    if (body.current) setOffset(body.current.getBoundingClientRect().top + window.scrollY);
  }, [rowHeight]);
  const rows = useWindowVirtualizer({
    count: devices.length,
    estimateSize: () => rowHeight,
    getItemKey: (index) => devices[index]?.id ?? index,
    overscan: 12,
    scrollMargin: offset,
  });
  useEffect(() => rows.measure(), [rows, rowHeight]);
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  const more = useEffectEvent(onMore);
  const near = hasMore && !loadingMore && last >= devices.length - 40;
  useEffect(() => {
    if (near) more();
  }, [near, devices.length]);
  return (
    <div className={css['table']} role="table" aria-label="Devices" aria-rowcount={total + 1}>
      <div role="rowgroup">
        <div className={`${css['columns'] ?? ''} ${css['head'] ?? ''}`} role="row" aria-rowindex={1}>
          <span role="columnheader">Device</span>
          <span role="columnheader" className={css['tagsCell']}>Tags</span>
          <span role="columnheader">CPU</span>
          <span role="columnheader">Memory</span>
          <span role="columnheader" className={css['seen']}>Last seen</span>
        </div>
      </div>
      <div ref={body} className={css['body']} role="rowgroup" style={{ height: rows.getTotalSize() }}>
        {visible.map((item) => {
          const device = devices[item.index];
          return device ? <DeviceRow key={device.id} device={device} index={item.index} top={item.start - offset} now={now} chosen={chosen === null ? null : chosen.has(device.id)} onChoose={onChoose} /> : null;
        })}
      </div>
      {loadingMore ? <div className={css['more']} role="status">Reading more…</div> : null}
    </div>
  );
}
