import css from './Trust.module.css';

/** For comparing by eye or over the telephone: in groups, all of it. */
export function Fingerprint({ value, label }: { value: string; label: string }) {
  return (
    <code className={css['fingerprint']} aria-label={`${label}: ${value}`}>
      {(value.match(/.{1,4}/g) ?? []).map((group, i) => <span key={i}>{group}</span>)}
    </code>
  );
}

/** For recognising; the title has all of it. */
export function ShortFingerprint({ value }: { value: string }) {
  return <code className={`${css['once'] ?? ''} quiet`} title={value}>{value.slice(0, 4)} {value.slice(4, 8)} {value.slice(8, 12)} {value.slice(12, 16)}…</code>;
}
