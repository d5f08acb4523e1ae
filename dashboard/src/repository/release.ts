import { Malformed } from '@/trust/protocol/malformed';
import { listOf, numberOf, objectOf, sha256Of, textOf, textsOf } from './fields';
import { isObject, type Json, type JsonObject } from './json';
import { isTargetPath, type Target } from './targets';
import { utf8 } from './utf8';

/** What devices install, as section 29 of the protocol has it, for people. */
export interface Release {
  kind: string;
  name: string;
  version: string;
  counter: number;
  /** Empty: any. */
  hardware: readonly string[];
  requires: readonly { name: string; version: string }[];
  /** Of what is installed; bytes. */
  size: number;
  encrypted: boolean;
  deltas: number;
  params: readonly (readonly [string, string])[];
  health: { seconds: number; deadline: number; checks: readonly string[] };
}

const maxText = 1024;
const maxValueBytes = 256;
const kindPattern = /^[a-z][a-z0-9-]{0,31}$/;
const namePattern = /^[a-z0-9][a-z0-9.+-]{0,63}$/;
const hardwarePattern = /^[a-z0-9][a-z0-9.,_+-]{0,63}$/;
const parameterPattern = /^[a-z][a-z0-9_]{0,31}$/;
const versionPattern = /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

export const isDelta = (target: Target) => target.custom?.has('messaging-delta') === true;

/** null: it does not say that it is one. @throws Malformed when it says so, and is none that a device would take. */
export function releaseOf(target: Target): Release | null {
  if (target.custom?.has('messaging') !== true) return null;
  const release = objectOf(target.custom, 'messaging');
  const content = release.has('content') ? objectOf(release, 'content') : null;
  if (content !== null) sha256Of(content, 'sha256');
  const encrypted = release.has('encryption');
  if (encrypted && (textOf(release, 'encryption', maxText) !== 'aes-256-gcm-64k' || content === null)) throw new Malformed('It is encrypted in a way that devices do not know.');
  return {
    kind: matching(release, 'kind', kindPattern),
    name: matching(release, 'name', namePattern),
    version: versionOf(release),
    counter: numberOf(release, 'counter', 0),
    hardware: optionalTexts(release, 'hardware', 16).map((one) => sound(one, hardwarePattern, 'hardware')),
    requires: objects(release, 'requires', 16).map((one) => ({ name: matching(one, 'name', namePattern), version: versionOf(one) })),
    size: content === null ? target.length : numberOf(content, 'length', 0),
    encrypted,
    deltas: objects(release, 'deltas', 32).map(requireDelta).length,
    params: paramsOf(release),
    health: healthOf(release),
  };
}

function requireDelta(delta: JsonObject): void {
  sha256Of(delta, 'from');
  if (!isTargetPath(textOf(delta, 'target', maxText))) throw new Malformed('The target of a delta leads out of the repository.');
}

function paramsOf(release: JsonObject): [string, string][] {
  return release.has('params') ? [...objectOf(release, 'params', 32)].map(([name, value]) => [sound(name, parameterPattern, 'params'), valueOf(value)]) : [];
}

function valueOf(value: Json): string {
  if (typeof value !== 'string' || utf8(value).length > maxValueBytes || /\p{Cc}/u.test(value)) throw new Malformed('A member of params is not as it must be.');
  return value;
}

function healthOf(release: JsonObject): Release['health'] {
  const health = release.has('health') ? objectOf(release, 'health') : new Map<string, Json>();
  const seconds = health.has('seconds') ? numberOf(health, 'seconds', 0, 86_400) : 30;
  const deadline = health.has('deadline') ? numberOf(health, 'deadline', 10, 86_400) : 600;
  if (deadline <= seconds) throw new Malformed('The deadline of its checks is over before they can have passed.');
  const checks = [['units', 'unit '], ['http', ''], ['tcp', ''], ['scripts', 'script ']] as const;
  return { seconds, deadline, checks: checks.flatMap(([name, word]) => optionalTexts(health, name, 16).map((one) => word + one)) };
}

function versionOf(value: JsonObject): string {
  const text = matching(value, 'version', versionPattern);
  if (text.length > 64) throw new Malformed('version is too long.');
  return text;
}

const matching = (value: JsonObject, name: string, pattern: RegExp) => sound(textOf(value, name, maxText), pattern, name);

function sound(text: string, pattern: RegExp, name: string): string {
  if (!pattern.test(text)) throw new Malformed(`${name} is not as it must be.`);
  return text;
}

const optionalTexts = (value: JsonObject, name: string, max: number) => (value.has(name) ? textsOf(value, name, max, maxText) : []);

const objects = (value: JsonObject, name: string, max: number) => (value.has(name) ? listOf(value, name, max) : []).map((one) => {
  if (!isObject(one)) throw new Malformed(`An item of ${name} is no object.`);
  return one;
});
