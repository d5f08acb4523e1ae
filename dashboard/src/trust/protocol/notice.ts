import type { Bytes } from './bytes';
import { CborReader } from './cborReader';
import { type CoseSign, isSignedBy, readCoseSign } from './coseSign';
import { readId, readList, readPoints, readTexts, readTime } from './fields';
import { Malformed } from './malformed';
import type { PublicKey } from './publicKey';

export const maxNoticeBytes = 16 * 1024;
const maxHpkeKeys = 8;
const maxEndpoints = 16;
const maxEndpointBytes = 512;
const label = 'messaging/1/notice';

/** What a server says of itself: what to seal to and where to connect. */
export interface NoticeContent {
  fleetId: string;
  /** Its principal. */
  server: string;
  /** Rises whenever anything of the bundle changed. */
  number: bigint;
  issuedAt: number;
  rootVersion: bigint;
  rosterVersion: bigint;
  hpke: readonly Bytes[];
  endpoints: readonly string[];
  tlsPins: readonly Bytes[];
}

export interface ServerNotice {
  content: NoticeContent;
  bytes: Bytes;
  message: CoseSign;
}

export function readNotice(bytes: Bytes): ServerNotice {
  if (bytes.length > maxNoticeBytes) throw new Malformed('A notice that is too long.');
  const message = readCoseSign(bytes);
  return { content: readNoticePayload(message.payload), bytes, message };
}

export function readNoticePayload(payload: Bytes): NoticeContent {
  const reader = new CborReader(payload);
  reader.fields(10);
  reader.expect(1);
  const content = {
    fleetId: readId(reader),
    server: readId(reader),
    number: reader.uint64(),
    issuedAt: readTime(reader),
    rootVersion: reader.uint64(),
    rosterVersion: reader.uint64(),
    hpke: readPoints(reader, maxHpkeKeys),
    endpoints: readTexts(reader, maxEndpoints, maxEndpointBytes),
    tlsPins: readList(reader, maxEndpoints, () => reader.fixed(32)),
  };
  reader.end();
  if (content.hpke.length === 0) throw new Malformed('A notice without a key.');
  return content;
}

export const isNoticeSignedBy = (notice: ServerNotice, server: PublicKey) => isSignedBy(notice.message, server, label);
