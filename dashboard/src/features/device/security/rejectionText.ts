const texts: [RegExp, string][] = [
  [/replay/i, 'Seen before: somebody, or the network, sent it a second time.'],
  [/too-?old|window/i, 'Older than the window in which late records are accepted.'],
  [/signature/i, 'The signature does not fit the sender: forged or damaged.'],
  [/tamper|decrypt|authentic|seal|ciphertext/i, 'It could not be opened: changed on the way, or sealed for somebody else.'],
  [/sender|address|target|recipient/i, 'Meant for, or said to be from, somebody else.'],
  [/unknown-?(epoch|kid)/i, 'Sealed under a key that this side does not have (yet); a new one is asked for.'],
  [/epoch/i, 'It tried to open a session that is not newer than those before.'],
  [/malformed|truncat|frame|decode|format|cbor/i, 'Not well-formed: damaged, cut off or made by something else.'],
  [/expired|stale|time/i, 'It came too late.'],
  [/role|allowed|policy|permission/i, 'Its sender may not do this on this device.'],
  [/sequence|seq/i, 'Its number is not above the last one that was accepted.'],
  [/size|large|limit/i, 'Larger than is accepted.'],
];

/** What a rejection means, in plain words; empty where the reason is new to this dashboard. */
export function rejectionText(reason: string): string {
  return texts.find(([pattern]) => pattern.test(reason))?.[1] ?? '';
}
