import { Malformed } from '@/trust/protocol/malformed';
import { canonicalText } from './canonicalJson';
import { numberOf, objectOf, requireOnly, sha256Of } from './fields';
import { isObject, type JsonObject } from './json';
import { maxPathBytes, maxTargets } from './limits';
import { type MetadataFile, readMetadata } from './metadata';
import { utf8 } from './utf8';

/** A file that a repository has for devices. */
export interface Target {
  path: string;
  /** Bytes. */
  length: number;
  /** 64 digits. */
  sha256: string;
  /** What is said of it besides; null: nothing. */
  custom: JsonObject | null;
  /** All that is signed of it, in canonical JSON: two that are alike in this are the same. */
  text: string;
}

export interface RepositoryTargets {
  file: MetadataFile;
  targets: ReadonlyMap<string, Target>;
}

/** Targets as a fleet's repository has them: listed by length and SHA-256, and without others who may name some, too. @throws Malformed */
export async function readTargets(bytes: Uint8Array<ArrayBuffer>): Promise<RepositoryTargets> {
  const file = await readMetadata(bytes, 'targets');
  const delegations = file.signed.get('delegations');
  if (delegations !== undefined) throw new Malformed('It lets others name what there is to install, too (delegations). Devices of this fleet are served no files of others.');
  requireOnly(file.signed, ['_type', 'spec_version', 'version', 'expires', 'targets'], 'These targets would');
  const targets = new Map<string, Target>();
  for (const [path, value] of objectOf(file.signed, 'targets', maxTargets)) {
    if (!isObject(value)) throw new Malformed(`The target ${path} is no object.`);
    targets.set(path, readTarget(path, value));
  }
  return { file, targets };
}

function readTarget(path: string, value: JsonObject): Target {
  if (!isTargetPath(path)) throw new Malformed('The path of a target leads out of the repository, or is too long.');
  requireOnly(value, ['length', 'hashes', 'custom'], `The target ${path} would`);
  const hashes = objectOf(value, 'hashes');
  requireOnly(hashes, ['sha256'], `The hashes of ${path} would`);
  const custom = value.get('custom');
  if (custom !== undefined && !isObject(custom)) throw new Malformed(`What is said of ${path} is no object.`);
  return { path, length: numberOf(value, 'length', 0), sha256: sha256Of(hashes, 'sha256'), custom: custom ?? null, text: canonicalText(value) };
}

/** Relative, without `\`, control characters and parts that are empty, `.` or `..`. */
export const isTargetPath = (path: string) => utf8(path).length <= maxPathBytes && !/[\\\p{Cc}]/u.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
