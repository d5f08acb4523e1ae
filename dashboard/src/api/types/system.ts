/** Status documents grow with the server: they are shown as they come. */
export type StatusDocument = Record<string, unknown>;
