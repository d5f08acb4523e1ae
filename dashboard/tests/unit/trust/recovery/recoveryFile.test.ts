import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signBytes } from '@/trust/protocol/signingKey';
import { makeRecoveryFile, openChosenFile, openRecoveryFile } from '@/trust/recovery/recoveryFile';

const passphrase = 'four grey stones in june, ä';

/** Made by fleetctl key create, with the passphrase "correct horse battery". */
const ofFleetctl = `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIH1MGAGCSqGSIb3DQEFDTBTMDIGCSqGSIb3DQEFDDAlBBApxbKNaJYobo3QWImi
cPgcAgMJJ8AwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEOiNvotWt7hgHhi2
5dZ0QMQEgZAYjSdyT43nZJ+Y74upnHqCMQuXXtiiN22uVTmkWz7+EoTlBccfG1om
icojtqpjZTWYG+cTQOaSA8ZiFkXNDNamBrpuitBSROMbWsi/+QT/9s33NkvMer59
MA1IOYoqq91DBFUlkYO3tx/dMqs++aaEv2z6JdqtJFwIml7EpOGZp8WMa8zSd02S
fAgkL1Mqk1Q=
-----END ENCRYPTED PRIVATE KEY-----`;

describe('a recovery file', () => {
  it('opens with its passphrase, and with no other', async () => {
    const file = await makeRecoveryFile(passphrase);
    const key = await openRecoveryFile(file.pem, passphrase);
    expect(key.publicKey.equals(file.publicKey)).toBe(true);
    expect(key.privateKey.extractable).toBe(false);
    expect(await file.publicKey.verify(await signBytes(key, new Uint8Array([1])), new Uint8Array([1]))).toBe(true);
    await expect(openRecoveryFile(file.pem, `${passphrase}!`)).rejects.toThrow(/does not open this file|holds no key/);
  });

  it('is what other programs read', async () => {
    const file = await makeRecoveryFile(passphrase);
    const key = createPublicKey(createPrivateKey({ key: file.pem, passphrase }));
    expect(key.export({ type: 'spki', format: 'der' }).subarray(-65).equals(Buffer.from(file.publicKey.point))).toBe(true);
  });

  it('of fleetctl opens as well', async () => {
    const key = await openRecoveryFile(ofFleetctl, 'correct horse battery');
    expect(Buffer.from(await key.publicKey.fingerprint()).toString('hex')).toBe('276f59acfe906c728a58fa31f1b6a8ecf8bd87779e1931c02efc62d27780f486');
  });

  it('is refused in every part, and when it is something else', async () => {
    const { pem } = await makeRecoveryFile(passphrase);
    const lines = pem.trimEnd().split('\n');
    for (const text of ['', 'hello', lines.slice(0, -1).join('\n'), [...lines.slice(0, 3), ...lines.slice(4)].join('\n'), `${pem}${pem}`, pem.replaceAll('ENCRYPTED ', '')]) {
      await expect(openRecoveryFile(text, passphrase)).rejects.toThrow(/no recovery file/);
    }
  });

  it('that asks for too much work is refused', async () => {
    const { pem } = await makeRecoveryFile(passphrase);
    const body = Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64');
    // 600 000 as INTEGER 09 27 c0.
    const at = body.indexOf(Buffer.from('0203 0927c0'.replaceAll(' ', ''), 'hex'));
    expect(at).toBeGreaterThan(0);
    body.set([0xff, 0xff, 0xff], at + 2);
    const slower = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${body.toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
    await expect(openRecoveryFile(slower, passphrase)).rejects.toThrow(/no recovery file/);
  });

  it('that is too large for one is not read', async () => {
    await expect(openChosenFile(new File([new Uint8Array(20_000)], 'film.mp4'), passphrase)).rejects.toThrow(/film.mp4 is no recovery file/);
    await expect(openChosenFile(null, passphrase)).rejects.toThrow(/Choose/);
  });

  it('has a passphrase that is long enough', async () => {
    await expect(makeRecoveryFile('eleven char')).rejects.toThrow(/fewer than 12/);
  });
});
