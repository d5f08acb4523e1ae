/** The details of an entry in a line. */
export function auditDetails(details: Record<string, unknown> | string | null): string {
  if (details === null) return '';
  if (typeof details === 'string') return details;
  return Object.entries(details).map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ');
}
