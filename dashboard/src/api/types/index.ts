/** Shapes of the REST API under /api/v1. Times are RFC 3339 UTC, ids lower-case hex. */
export type * from './audit';
export type * from './commands';
export type * from './devices';
export type * from './enrolment';
export type * from './files';
export type * from './paging';
export type * from './people';
export type * from './relay';
export type * from './repository';
export type * from './system';
export type * from './telemetry';
export type * from './trust';
export type * from './twin';
export type * from './updates';
