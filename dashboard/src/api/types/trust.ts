/** Somebody asks for a place in the roster; once the roster names the key, it says whose key that is. */
export interface KeyRequest {
  id: string;
  account: string;
  /** The public point in base64url. */
  key: string;
  fingerprint: string;
  principal: string;
  role: 'operator' | 'owner';
  createdAt: string;
  acceptedAt: string | null;
}
