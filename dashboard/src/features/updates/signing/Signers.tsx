import { ShortFingerprint } from '@/features/trust/Fingerprint';
import type { Need } from '@/repository/draft';
import { Chip } from '@/ui/Chip';
import { type KeyBook, keyName } from './keyName';
import css from './Signing.module.css';

/** Who may sign, and who has: as this browser has verified it. */
export function Signers({ needs, book }: { needs: readonly Need[]; book: KeyBook }) {
  return needs.map(({ by, role, signers }) => (
    <div key={by} className={css['need']}>
      <div><strong>{signers.length} of {role.threshold}</strong> {role.threshold === 1 ? 'signature' : 'signatures'} by {by}{role.keys.length > role.threshold ? `: any ${role.threshold} of these ${role.keys.length} will do` : ''}</div>
      <ul className={css['signers']} aria-label={`Who signs for ${by}`}>
        {role.keys.map((key) => (
          <li key={key.id}>
            {signers.some(({ id }) => id === key.id) ? <Chip tone="good">Has signed</Chip> : <Chip>May sign</Chip>}
            <span>{keyName(key, book)}</span>
            <ShortFingerprint value={key.fingerprint} />
          </li>
        ))}
      </ul>
    </div>
  ));
}
