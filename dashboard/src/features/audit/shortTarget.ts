/** Ids to their first eight digits: enough to tell them apart by eye. */
export function shortTarget(target: string): string {
  return target.replaceAll(/\b([0-9a-f]{8})[0-9a-f]{24}\b/g, '$1…');
}
