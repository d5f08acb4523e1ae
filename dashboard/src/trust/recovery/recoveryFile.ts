import { type Bytes, toHex } from '../protocol/bytes';
import { readOrNull } from '../protocol/malformed';
import { pointBytes, PublicKey } from '../protocol/publicKey';
import { makeSigningKey, signBytes, type SigningKey } from '../protocol/signingKey';
import { Refused } from '../refused';
import { decryptKey, encryptKey } from './keyEnvelope';

/** As fleetctl asks for. */
export const minPassphrase = 12;

/** Code points, as fleetctl counts them. */
export const passphraseLength = (passphrase: string) => Array.from(passphrase).length;

/** A root key that is nowhere but in this file, which its passphrase opens. */
export interface RecoveryFile {
  name: string;
  pem: string;
  publicKey: PublicKey;
  /** 64 digits. */
  fingerprint: string;
}

/** Makes the key and its file. The private half is wiped before this returns: from now on it is in the file alone. */
export async function makeRecoveryFile(passphrase: string): Promise<RecoveryFile> {
  if (passphraseLength(passphrase) < minPassphrase) throw new Refused(`The passphrase has fewer than ${minPassphrase} characters: whoever gets the file could guess it.`);
  const { privateKey, publicKey } = await makeSigningKey(true);
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey));
  try {
    const fingerprint = toHex(await publicKey.fingerprint());
    return { name: `recovery-${fingerprint.slice(0, 8)}.pem`, pem: await encryptKey(pkcs8, passphrase), publicKey, fingerprint };
  } finally {
    pkcs8.fill(0);
  }
}

/** A key has a few hundred bytes; somebody may choose a film by mistake. */
const maxFileBytes = 16 * 1024;

/** What people call a file: fleetctl’s files of keys are of the same kind. */
export type KeyFileName = 'recovery file' | 'key file';

/** The key of a file that was chosen. */
export async function openChosenFile(file: File | null, passphrase: string, what: KeyFileName = 'recovery file'): Promise<SigningKey> {
  if (file === null) throw new Refused(`Choose the ${what} first.`);
  if (file.size > maxFileBytes) throw new Refused(`${file.name} is no ${what}: it is too large.`);
  return openRecoveryFile(await file.text(), passphrase, what);
}

/** The key of a file, good for signing and not to be read. */
export async function openRecoveryFile(text: string, passphrase: string, what: KeyFileName = 'recovery file'): Promise<SigningKey> {
  const pkcs8 = await readOrNull(async () => (await decryptKey(text, passphrase)) ?? 'locked' as const);
  if (pkcs8 === null) throw new Refused(`This is no ${what}: it is damaged, or another file. It begins with “-----BEGIN ENCRYPTED PRIVATE KEY-----”.`);
  if (pkcs8 === 'locked') throw new Refused('The passphrase does not open this file. Type it again; if it is another file’s, choose that one.');
  try {
    return await importKey(pkcs8);
  } finally {
    pkcs8.fill(0);
  }
}

/** The public point stands at the end of a PKCS#8 key of P-256 (RFC 5915); that it belongs to the private half, a signature shows. */
async function importKey(pkcs8: Bytes): Promise<SigningKey> {
  const publicKey = await readOrNull(() => PublicKey.read(pkcs8.slice(-pointBytes)));
  if (publicKey === null) throw new Refused('The file holds no key of the kind that signs here (P-256, with its public half).');
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const probe = crypto.getRandomValues(new Uint8Array(16));
  if (!(await publicKey.verify(await signBytes({ privateKey, publicKey }, probe), probe))) throw new Refused('The file is damaged: its public half belongs to another key.');
  return { privateKey, publicKey };
}
