import { Link } from '@tanstack/react-router';
import { shortTarget } from './shortTarget';

/** What an entry is about; a device can be gone to. */
export function AuditTarget({ target }: { target: string | null }) {
  if (target === null) return <span className="quiet">–</span>;
  const deviceId = /^devices\/([0-9a-f]{32})/.exec(target)?.[1];
  const text = <span className="small" title={target}>{shortTarget(target)}</span>;
  return deviceId === undefined ? text : <Link to="/devices/$deviceId" params={{ deviceId }}>{text}</Link>;
}
