import { useQuery } from '@tanstack/react-query';
import { signsRosters } from '@/trust/plans/owners';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import type { Principal } from '@/trust/protocol/roster';
import type { BrowserKey } from '@/trust/store/keyStore';
import { shortDate } from '@/ui/format/time';
import { Notice } from '@/ui/Notice';
import { Fingerprint } from '../Fingerprint';
import css from '../Trust.module.css';
import { PublicKeyText } from './PublicKeyText';

/** A key whose commands devices heed. */
export function KnownKey({ browserKey, principal, trust }: { browserKey: BrowserKey; principal: Principal; trust: FleetTrust }) {
  const persisted = useQuery({ queryKey: ['storage-persisted'], queryFn: () => navigator.storage.persisted() });
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
      <PublicKeyText browserKey={browserKey} />
    </div>
  );
}
