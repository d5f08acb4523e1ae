/** What devices read of a repository (messaging/spec/protocol.md, section 28): what is beyond that is not signed here either. */
export const maxDepth = 16;
export const maxValues = 32_768;
export const maxTextBytes = 8192;
export const maxKeys = 64;
export const maxSignatures = 64;
export const maxTargets = 4096;
export const maxNameBytes = 200;
export const maxPathBytes = 1024;

/** Of a role in a fleet's repository. */
export const maxRoleKeys = 8;

export type Role = 'root' | 'targets';
export const maxFileBytes: Record<Role, number> = { root: 64 * 1024, targets: 512 * 1024 };
