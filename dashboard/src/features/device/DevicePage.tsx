import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { deviceQuery } from '@/api/devices';
import { countRejections } from '@/features/rejections/rejectionTexts';
import { useLiveTopic } from '@/live/useLive';
import { ErrorNotice } from '@/ui/Notice';
import { SkeletonLines } from '@/ui/Skeleton';
import { ApprovalNotice } from './ApprovalNotice';
import { DeviceContext } from './deviceContext';
import { DeviceHeader } from './DeviceHeader';
import css from './DevicePage.module.css';
import { PauseNotice } from './pause/PauseNotice';
import { TimeNotice } from './time/TimeNotice';

export function DevicePage() {
  const { deviceId } = useParams({ from: '/signed-in/devices/$deviceId' });
  // Read only once the events come in, so that nothing falls between the answer and the first event.
  const ready = useLiveTopic(`device:${deviceId}`);
  const device = useQuery({ ...deviceQuery(deviceId), enabled: ready });
  const name = device.data?.name ?? 'Device';
  useEffect(() => {
    document.title = `${name} · Messaging`;
  }, [name]);
  if (device.isError) {
    return (
      <div className={css['page']}>
        <Link to="/devices" className={css['crumb'] ?? ''}>← Devices</Link>
        <h1 className={css['title']}>This device cannot be shown</h1>
        <ErrorNotice error={device.error} retry={() => void device.refetch()} />
      </div>
    );
  }
  if (device.isPending) return <div className={css['page']}><SkeletonLines lines={5} height={64} label="Reading the device" /></div>;
  const { rejections, gaps } = device.data;
  const rejected = countRejections(rejections);
  return (
    <DeviceContext value={device.data}>
      <div className={css['page']}>
        <DeviceHeader device={device.data} />
        <ApprovalNotice device={device.data} />
        <PauseNotice device={device.data} />
        <TimeNotice device={device.data} />
        <nav className={css['tabs']} aria-label="About this device">
          <Link to="/devices/$deviceId" params={{ deviceId }} activeOptions={{ exact: true }} className={css['tab'] ?? ''}>Charts</Link>
          <Link to="/devices/$deviceId/logs" params={{ deviceId }} className={css['tab'] ?? ''}>Logs</Link>
          <Link to="/devices/$deviceId/commands" params={{ deviceId }} className={css['tab'] ?? ''}>Commands</Link>
          <Link to="/devices/$deviceId/twin" params={{ deviceId }} className={css['tab'] ?? ''}>Desired state</Link>
          <Link to="/devices/$deviceId/updates" params={{ deviceId }} className={css['tab'] ?? ''}>Updates</Link>
          <Link to="/devices/$deviceId/terminal" params={{ deviceId }} className={css['tab'] ?? ''}>Terminal</Link>
          <Link to="/devices/$deviceId/files" params={{ deviceId }} className={css['tab'] ?? ''}>Files</Link>
          <Link to="/devices/$deviceId/events" params={{ deviceId }} className={css['tab'] ?? ''}>
            Events and gaps{gaps > 0 ? <span className={css['count']}>{gaps}</span> : null}
          </Link>
          <Link to="/devices/$deviceId/security" params={{ deviceId }} className={css['tab'] ?? ''}>
            Security{rejected.all > 0 ? <span className={`${css['count'] ?? ''} ${rejected.suspicious > 0 ? (css['alarm'] ?? '') : ''}`}>{rejected.all}</span> : null}
          </Link>
          <Link to="/devices/$deviceId/facts" params={{ deviceId }} className={css['tab'] ?? ''}>Facts</Link>
        </nav>
        <Outlet />
      </div>
    </DeviceContext>
  );
}
