const maxPathBytes = 4096;

/** A folder gets the file's own name. */
export const targetPath = (path: string, name: string) => (path.endsWith('/') ? path + name : path);

/** The last part. */
export const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** Why a device would not take it, by the text alone; null: it may. */
export function pathProblem(path: string): string | null {
  if (!path.startsWith('/')) return 'The whole path, from / on.';
  if (path.endsWith('/')) return 'The name of the file is missing.';
  if (path.slice(1).split('/').some((name) => name === '' || name === '.' || name === '..')) return 'Without // and without the parts . and ..';
  return new TextEncoder().encode(path).length > maxPathBytes || path.includes('\0') ? 'No file has such a path.' : null;
}

/** Null for what are no permissions. */
export const readMode = (text: string) => (/^0?[0-7]{1,3}$/.test(text) ? Number.parseInt(text, 8) : null);
