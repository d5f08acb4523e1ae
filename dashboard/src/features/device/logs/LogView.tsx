import { Button } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { EmptyState } from '@/ui/EmptyState';
import { DownIcon } from '@/ui/icons';
import { SkeletonLines } from '@/ui/Skeleton';
import { LogLine } from './LogLine';
import css from './Logs.module.css';
import type { LogTailResult } from './useLogTail';

/** Pixels from the end within which the view still counts as being at it. */
const nearEnd = 24;
/** Milliseconds for which a wheel, key or finger goes on scrolling. */
const handTime = 500;

/** The newest line stays in view until somebody scrolls up; older ones are read on request, without a jump. */
export function LogView({ result, search, filtered }: { result: LogTailResult; search: string; filtered: boolean }) {
  const { tail, pending, loadingOlder, loadOlder } = result;
  const { lines } = tail;
  const view = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(true);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => view.current,
    estimateSize: () => 25,
    getItemKey: (index) => lines[index]?.id ?? index,
    overscan: 20,
  });
  const count = lines.length;
  const newest = lines.at(-1)?.id;
  const oldest = lines[0]?.id;

  // The size changes once more when a long line is measured: the end moves, and the view with it.
  const space = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = view.current;
    if (!follow || element === null || space.current === null) return;
    let frame = 0;
    const toEnd = () => {
      element.scrollTop = element.scrollHeight;
      // What is measured in this frame is scrolled for in the next.
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => { element.scrollTop = element.scrollHeight; });
    };
    toEnd();
    const growth = new ResizeObserver(toEnd);
    growth.observe(space.current);
    return () => {
      growth.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [follow, count, newest]);

  // What was at the top stays where it was when older lines come in above it.
  const anchor = useRef<{ id: string; index: number } | null>(null);
  useEffect(() => {
    const kept = anchor.current;
    anchor.current = null;
    if (kept === null || follow) return;
    const index = lines.findIndex(({ id }) => id === kept.id);
    if (index > kept.index) virtual.scrollToIndex(index, { align: 'start' });
  }, [oldest, follow, lines, virtual]);

  // Content that grows or is measured scrolls as well: only what somebody's hand did is a wish to stay.
  const touched = useRef(-Infinity);
  const touch = () => { touched.current = performance.now(); };
  const onScroll = () => {
    const element = view.current;
    if (element === null) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
    if (atEnd || performance.now() - touched.current < handTime) setFollow(atEnd);
    else if (follow) element.scrollTop = element.scrollHeight;
  };
  const followAgain = () => {
    touched.current = -Infinity;
    setFollow(true);
  };
  const older = () => {
    anchor.current = oldest === undefined ? null : { id: oldest, index: 0 };
    loadOlder();
  };
  return (
    <div className={css['frame']}>
      {/* Scrollable regions must be reachable with the keyboard. */}
      <div
        ref={view} className={css['view']} role="log" aria-label="Log lines" aria-live="off" tabIndex={0}
        onScroll={onScroll} onWheel={touch} onKeyDown={touch} onTouchMove={touch} onPointerDown={touch} onPointerMove={(event) => { if (event.buttons !== 0) touch(); }}
      >
        {pending ? <div style={{ padding: 16 }}><SkeletonLines lines={10} height={20} label="Reading the log" /></div> : null}
        {!pending && count === 0 ? (
          <div className={css['blank']}>
            <EmptyState title={filtered ? 'No line matches' : 'No log lines yet'}>
              {filtered ? 'New lines that match appear here as they are written.' : 'Lines appear here within seconds of being written on the device.'}
            </EmptyState>
          </div>
        ) : null}
        {count > 0 && tail.next !== null ? (
          <div className={css['more']}><Button size="xs" variant="default" loading={loadingOlder} onClick={older}>Read older lines</Button></div>
        ) : null}
        <div ref={space} className={css['space']} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            return line ? <LogLine key={line.id} line={line} index={item.index} top={item.start} search={search} measure={virtual.measureElement} /> : null;
          })}
        </div>
      </div>
      {!follow && count > 0 ? (
        <Button className={css['jump'] ?? ''} size="xs" leftSection={<DownIcon size={16} />} onClick={followAgain}>Follow the newest</Button>
      ) : null}
    </div>
  );
}
