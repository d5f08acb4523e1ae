import { useQuery } from '@tanstack/react-query';
import { mayActAs, sessionQuery } from '@/api/session';
import type { Device } from '@/api/types';
import { ApprovalButtons } from '@/features/enrolment/ApprovalButtons';
import { Notice } from '@/ui/Notice';

export function ApprovalNotice({ device }: { device: Device }) {
  const { data: session } = useQuery(sessionQuery);
  if (device.status === 'revoked') return <Notice tone="bad" title="This device is revoked">It cannot connect. What it sent before is kept and shown here.</Notice>;
  if (device.status !== 'pending') return null;
  return (
    <Notice
      tone="warn" title="This device waits for approval"
      action={mayActAs(session?.user.role, 'operator') ? <ApprovalButtons device={device} /> : null}
    >
      Compare the id below with the one that <code>messaging-agent enroll</code> shows on the device. <code>{device.id}</code>
    </Notice>
  );
}
