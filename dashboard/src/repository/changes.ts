import type { PublicKey } from '@/trust/protocol/publicKey';
import { Malformed } from '@/trust/protocol/malformed';
import { formatBytes } from '@/ui/format/unit';
import { isDelta, type Release, releaseOf } from './release';
import type { RepositoryKey } from './repositoryKey';
import type { RepositoryRole, RepositoryRoot } from './root';
import type { RepositoryTargets, Target } from './targets';

/** Something that is another than what is published; of the bytes that are signed, and of nothing that a server says of them. */
export interface Change {
  mark: 'added' | 'removed' | 'changed' | 'warning';
  text: string;
  details: readonly string[];
  /** A key that it is about. */
  key?: RepositoryKey;
  /** It is the server's, and nobody's else. */
  isServers?: boolean;
  /** All that is signed of it, in canonical JSON. */
  signed?: string;
}

export function targetChanges(draft: RepositoryTargets, published: RepositoryTargets | null): { changes: readonly Change[]; same: number } {
  const changes: Change[] = [];
  let same = 0;
  for (const target of draft.targets.values()) {
    const before = published?.targets.get(target.path);
    if (before?.text === target.text) same++;
    else changes.push({ mark: before ? 'changed' : 'added', text: describe(target), details: [...(before ? [`in the place of ${describe(before)} under the same name`] : []), `${target.path}, sha256 ${target.sha256}`, ...detailsOf(target)], signed: target.text });
  }
  for (const gone of published?.targets.values() ?? []) {
    if (!draft.targets.has(gone.path)) changes.push({ mark: 'removed', text: describe(gone), details: [gone.path] });
  }
  return { changes, same };
}

export function rootChanges(draft: RepositoryRoot, published: RepositoryRoot | null, fleetRoot: readonly PublicKey[]): readonly Change[] {
  const online = published?.online;
  const ofFleet = draft.root.keys.length === fleetRoot.length && draft.root.keys.every(({ key }) => fleetRoot.some((one) => one.equals(key)));
  return [
    ...(ofFleet ? [] : [{ mark: 'warning' as const, text: 'Its root keys are not the fleet’s root keys of today', details: [] }]),
    ...roleChanges('Root key', 'signs this and the next root', draft.root, published?.root ?? null),
    ...roleChanges('Targets’ key', 'signs what there is to install', draft.targets, published?.targets ?? null),
    ...(online?.id === draft.online.id ? [] : [
      ...(online ? [{ mark: 'removed' as const, text: 'The server’s key', details: [], key: online, isServers: true }] : []),
      { mark: 'added' as const, text: 'The server’s key', details: ['signs snapshot and timestamp'], key: draft.online, isServers: true },
    ]),
  ];
}

function roleChanges(what: string, does: string, draft: RepositoryRole, before: RepositoryRole | null): Change[] {
  const has = (role: RepositoryRole | null, id: string) => role?.keys.some((key) => key.id === id) === true;
  return [
    ...(before?.keys ?? []).filter(({ id }) => !has(draft, id)).map((key): Change => ({ mark: 'removed', text: what, details: [], key })),
    ...draft.keys.filter(({ id }) => !has(before, id)).map((key): Change => ({ mark: 'added', text: what, details: [does], key })),
    ...(draft.threshold === before?.threshold ? [] : [{ mark: before ? 'changed' as const : 'added' as const, text: `${draft.threshold} of ${draft.keys.length} ${what.toLowerCase()}s must sign`, details: before ? [`before: ${before.threshold} of ${before.keys.length}`] : [] }]),
  ];
}

function describe(target: Target): string {
  const release = releaseOrWhy(target);
  if (typeof release === 'string') return `${target.path}, ${formatBytes(target.length)}: no release that devices would take`;
  if (release === null) return isDelta(target) ? `delta ${target.path}, ${formatBytes(target.length)}` : `${target.path}, ${formatBytes(target.length)}, no release`;
  const { name, version, kind, hardware, counter, size, encrypted, deltas } = release;
  return `${name} ${version} (${kind}) for ${hardware.length === 0 ? 'any hardware' : hardware.join(' or ')}, counter ${counter}, ${formatBytes(size)}${encrypted ? ', encrypted' : ''}${deltas === 0 ? '' : `, ${deltas} ${deltas === 1 ? 'delta' : 'deltas'}`}`;
}

/** What is not on the line of a release, and is signed all the same. */
function detailsOf(target: Target): string[] {
  const release = releaseOrWhy(target);
  if (release === null) return [];
  if (typeof release === 'string') return [release];
  const { seconds, deadline, checks } = release.health;
  return [
    ...(release.requires.length === 0 ? [] : [`requires ${release.requires.map(({ name, version }) => `${name} ${version} or later`).join(', ')}`]),
    ...release.params.map(([name, value]) => `param ${name}=${value}`),
    `healthy for ${seconds} s within ${deadline} s${checks.length === 0 ? '' : `: ${checks.join(', ')}`}`,
  ];
}

function releaseOrWhy(target: Target): Release | string | null {
  try {
    return releaseOf(target);
  } catch (error) {
    if (error instanceof Malformed) return error.message;
    throw error;
  }
}
