import { RejectionNotice } from '@/features/rejections/RejectionNotice';
import { RejectionTable } from '@/features/rejections/RejectionTable';
import { Notice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { LinkButton } from '@/ui/LinkButton';
import { useDevice } from '../deviceContext';

export function SecurityTab() {
  const { id, rejections, gaps } = useDevice();
  return (
    <>
      <RejectionNotice entries={rejections} />
      {rejections.length > 0 ? <Panel title="Rejected records" padded={false}><RejectionTable entries={rejections} /></Panel> : null}
      {gaps > 0 ? (
        <Notice
          tone="warn" title={gaps === 1 ? 'One range of records will never arrive' : `${gaps.toLocaleString('en-GB')} ranges of records will never arrive`}
          action={<LinkButton to="/devices/$deviceId/events" params={{ deviceId: id }} size="xs" variant="default">See the gaps</LinkButton>}
        >
          The device says so itself, signed: nobody on the way can take records out without that being seen.
        </Notice>
      ) : null}
    </>
  );
}
