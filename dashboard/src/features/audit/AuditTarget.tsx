import { Fragment } from 'react';
import { Link } from '@tanstack/react-router';
import { shortTarget } from './shortTarget';

/** What an entry is about; a device can be gone to. */
export function AuditTarget({ target }: { target: string | null }) {
  if (target === null) return <span className="quiet">–</span>;
  const [, deviceId, command] = /^devices\/([0-9a-f]{32})(\/commands\/)?/.exec(target) ?? [];
  const parts = shortTarget(target).split('/');
  // Breaks after a slash, never inside of an id.
  const text = <span className="small" title={target}>{parts.map((part, i) => <Fragment key={i}>{i > 0 ? <>/<wbr /></> : null}{part}</Fragment>)}</span>;
  if (deviceId === undefined) return text;
  return <Link to={command === undefined ? '/devices/$deviceId' : '/devices/$deviceId/commands'} params={{ deviceId }}>{text}</Link>;
}
