export interface EnrolmentToken {
  id: string;
  name: string | null;
  tags: string[];
  /** null: as often as wanted until it expires. */
  maxUses: number | null;
  uses: number;
  requireApproval: boolean;
  createdAt: string;
  createdBy: string | null;
  expiresAt: string | null;
}

export interface NewEnrolmentToken {
  name?: string;
  tags: string[];
  maxUses: number | null;
  /** Seconds. */
  expiresIn: number;
  requireApproval: boolean;
}

/** The answer to making one: the only time the secret is shown. */
export interface CreatedEnrolmentToken extends EnrolmentToken {
  token: string;
  command: string;
}
