/** RFC 9457 problem details, as every error answer of the server carries. */
export interface ProblemDetails {
  title?: string;
  detail?: string;
  status?: number;
  /** Stable, for programs. */
  code?: string;
  errors?: Record<string, string[]>;
}

/** A request that was answered with an error, or that was not answered at all (status 0). */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | null;
  readonly fields: Record<string, string[]>;

  constructor(status: number, problem: ProblemDetails) {
    const title = problem.title ?? defaultTitle(status);
    super(problem.detail ? `${title}: ${problem.detail}` : title);
    this.name = 'ProblemError';
    this.status = status;
    this.code = problem.code ?? (status === 0 ? 'unreachable' : `http-${status}`);
    this.title = title;
    this.detail = problem.detail ?? null;
    this.fields = problem.errors ?? {};
  }

  static async fromResponse(response: Response): Promise<ProblemError> {
    const text = await response.text();
    return new ProblemError(response.status, parseProblem(text) ?? {});
  }

  static unreachable(): ProblemError {
    return new ProblemError(0, { title: 'The server cannot be reached' });
  }
}

function parseProblem(text: string): ProblemDetails | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    // A proxy in between answers in HTML: the status is all that is known.
    return null;
  }
}

function defaultTitle(status: number): string {
  switch (status) {
    case 0: return 'The server cannot be reached';
    case 401: return 'Not signed in';
    case 403: return 'Not allowed';
    case 404: return 'Not found';
    case 409: return 'This changed in the meantime';
    case 413: return 'Too large';
    case 429: return 'Too many attempts';
    default: return status >= 500 ? 'The server has a problem' : `The server refused this (${status})`;
  }
}

/** What somebody can do about it, in a sentence. */
export function adviceFor(error: unknown): string {
  if (!(error instanceof ProblemError)) return 'Reload the page. If it stays, the browser’s console says more.';
  if (error.code === 'wrong_password') return 'Type the current password again. If it is forgotten, an owner can set a new one for you.';
  switch (error.status) {
    case 0: return 'Check that the fleet server runs and that this computer reaches it, then try again.';
    case 401: return 'Sign in again.';
    case 403: return 'Ask an owner for a role that may do this.';
    case 404: return 'It may have been removed. Go back to the list.';
    case 409: return 'Reload to see the newest state, then try again.';
    case 429: return 'Wait a minute, then try again.';
    default: return error.status >= 500 ? 'Try again; the server’s log has the cause.' : 'Correct what is named above and try again.';
  }
}
