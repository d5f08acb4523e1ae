import type { Release } from '@/api/types';

export interface Assignment {
  release: Release;
  /** In base64; null: it is not encrypted. */
  key: string | null;
  /** Seconds. */
  within: number;
  /** Seconds. */
  spread: number;
  mirrors: string;
}

/** The arguments of `update`, by the names of the server's API. */
export function updateArguments({ release, key, within, spread, mirrors }: Assignment): Record<string, unknown> {
  const addresses = mirrors.split(/\s+/).filter((one) => one !== '');
  return {
    target: release.target,
    length: release.size,
    sha256: release.sha256,
    ...(key === null ? {} : { key }),
    ...(addresses.length === 0 ? {} : { mirrors: addresses }),
    seconds: within,
    spread,
  };
}
