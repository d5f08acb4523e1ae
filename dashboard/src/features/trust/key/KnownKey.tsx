import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { signsRosters } from '@/trust/plans/owners';
import { toBase64Url } from '@/trust/protocol/bytes';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import type { Principal } from '@/trust/protocol/roster';
import type { BrowserKey } from '@/trust/store/keyStore';
import { Copyable } from '@/ui/Copyable';
import { shortDate } from '@/ui/format/time';
import { Notice } from '@/ui/Notice';
import { Fingerprint } from '../Fingerprint';
import css from '../Trust.module.css';

/** A key whose commands devices heed. */
export function KnownKey({ browserKey, principal, trust }: { browserKey: BrowserKey; principal: Principal; trust: FleetTrust }) {
  const persisted = useQuery({ queryKey: ['storage-persisted'], queryFn: () => navigator.storage.persisted() });
  const [shown, setShown] = useState(false);
  return (
    <div className={css['stack']}>
      <p>
        Devices heed it as <strong>{principal.roles.join(' and ')}</strong>{principal.notAfter === null ? '' : ` until ${shortDate(principal.notAfter)}`}: what you send from
        this browser is signed here. {signsRosters(trust, browserKey.publicKey) ? 'It also signs who else may.' : 'Who else may, other keys sign.'}
      </p>
      <Fingerprint value={browserKey.fingerprint} label="Fingerprint of your key" />
      {persisted.data === false ? (
        <Notice tone="warn" title="The browser has not promised to keep it">
          When its disk is full, or site data is cleared, the key is gone. Then an owner lets a new one in; for the last owner, the recovery file does.
        </Notice>
      ) : null}
      <div className={css['row']}>
        <Button size="xs" variant="default" aria-expanded={shown} onClick={() => setShown(!shown)}>Public key</Button>
        <span className="quiet small">Made {shortDate(browserKey.createdAt)}; cannot be copied out of this browser.</span>
      </div>
      {shown ? <Copyable text={toBase64Url(browserKey.publicKey.point)} label="Public key" /> : null}
    </div>
  );
}
