import type { GoodTrust } from '@/trust/queries';
import { Facts } from '@/ui/Facts';
import { shortDate } from '@/ui/format/time';
import { Panel } from '@/ui/Page';
import { Fingerprint } from './Fingerprint';
import css from './Trust.module.css';

/** What protects what: three documents, each signed by those whom the one above names. */
export function DocumentsPanel({ state }: { state: GoodTrust }) {
  const { root, roster, notice, rootFingerprint } = state.trust;
  return (
    <Panel title="What protects what" padded={false}>
      <Facts rows={[
        ['Root', (
          <div className={css['tight']} key="root">
            <span>Version {root.version.toString()}, signed {shortDate(root.issuedAt)} by {root.root.threshold} of {root.root.keys.length} root keys. Says who signs the next root, and who signs rosters.</span>
            <Fingerprint value={rootFingerprint} label="Fingerprint of the fleet’s root" />
          </div>
        )],
        ['Roster', <span key="roster">Version {roster.version.toString()}, signed {shortDate(roster.issuedAt)} by {root.owner.threshold} of {root.owner.keys.length} owners’ keys, {roster.expiresAt === null ? 'without an end' : `good until ${shortDate(roster.expiresAt)}`}. Says whose commands devices heed.</span>],
        ['Notice', <span key="notice">Signed {shortDate(notice.issuedAt)} by the server. Says where devices connect and what they encrypt to.</span>],
        ['This browser', <span key="browser">Knows the fleet since {shortDate(state.memory.since)}{state.memory.firstFingerprint === rootFingerprint ? '' : ', from an earlier root on'}, and takes nothing that does not follow from there.</span>],
      ]}
      />
    </Panel>
  );
}
