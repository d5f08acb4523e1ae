import { cborText } from './cborText';
import { type Bytes, sameBytes } from './protocol/bytes';
import { isCommandSignedBy, readCommand, signJointly } from './protocol/command';
import { readOrder, rootOf } from './protocol/deviceSet';
import type { FleetTrust } from './protocol/fleetTrust';
import { readOrNull } from './protocol/malformed';
import type { Principal } from './protocol/roster';
import { Refused } from './refused';
import { chooseSigner } from './signer';
import type { BrowserKey } from './store/keyStore';

/** What somebody proposes, from the bytes that are to be signed. */
export interface OpenedProposal {
  payload: Bytes;
  type: string;
  args: string;
  dryRun: boolean;
  devices: string[];
  /** Unix milliseconds. */
  expiresAt: number;
  signers: Principal[];
}

/** The key of an encrypted release stands behind target, length and hash: who signs need not see it, and others must not. */
const hideKey = (type: string, text: string) => (type === 'update' ? text.replace(/^(\["(?:[^"\\]|\\.)*", \d+, h'[0-9a-f]{64}', )h'[0-9a-f]{64}'/, '$1(the key of the release, not shown)') : text);

/** Reads a proposal and makes sure that it is whole: the devices are those that the command names, and who is said to have signed has. */
export async function openProposal(trust: FleetTrust, order: Bytes, id: string): Promise<OpenedProposal> {
  const read = await readOrNull(() => {
    const { command, members } = readOrder(order);
    return { command: readCommand(command), members };
  });
  if (read === null || read.command.content.id !== id) throw new Refused('What the server shows is not this command.');
  const { content, message } = read.command;
  if (content.target.kind === 1 && (content.target.size !== read.members.length || content.target.root !== await rootOf(read.members))) {
    throw new Refused('The devices that the server names are not those that the command is for. Nothing was signed.');
  }
  const signers: Principal[] = [];
  for (const principal of trust.roster.principals) {
    if (await isCommandSignedBy(read.command, principal.identity)) signers.push(principal);
  }
  if (!signers.some((signer) => signer.id === content.issuer)) throw new Refused('Who proposes it has not signed it.');
  return {
    payload: message.payload,
    type: content.type,
    args: hideKey(content.type, await cborText(content.args)),
    dryRun: content.dryRun,
    devices: content.target.kind === 0 ? [content.target.id] : read.members.map(({ device }) => device),
    expiresAt: content.expiresAt,
    signers,
  };
}

/** The browser's own signature over exactly what was looked at. */
export async function signProposal(trust: FleetTrust, key: BrowserKey | null, opened: OpenedProposal, now: number): Promise<Bytes> {
  const signer = chooseSigner(trust, key, opened.type, now);
  if (signer.by !== 'browser') throw new Refused(signer.by === 'nobody' ? `${signer.why} ${signer.todo}` : 'This browser has no key that the roster names.');
  if (opened.signers.some((one) => sameBytes(one.identity.point, signer.principal.identity.point))) throw new Refused('Your key has signed it already.');
  return signJointly(signer.key, opened.payload);
}
