/** suspicious: nobody honest makes it. expected: comes by itself. rules: refused by what the device's owner set. fault: needs mending. */
export type RejectionKind = 'suspicious' | 'expected' | 'rules' | 'fault';

export interface RejectionText {
  kind: RejectionKind;
  /** What happened. */
  meaning: string;
  /** What to do about it. */
  advice: string;
}

const text = (kind: RejectionKind, meaning: string, advice: string): RejectionText => ({ kind, meaning, advice });

const nothing = 'Nothing: it settles by itself.';
const onTheWay = 'A few: nothing, what was genuine is sent again. If it goes on, suspect the relay or the network on the way to it.';
const otherFleet = 'Check that the device belongs to this fleet; if the server’s keys were replaced, enrol it again.';
const compare = 'Compare the versions of agent and server, and update the older one.';
const copied = 'Check that no two devices run with copies of the same state folder, and that no backup of one was put back.';

/** What the server refuses, of its devices. */
const server: Record<string, RejectionText> = {
  're-addressed': text('suspicious', 'A record of one device came under the address of another.', 'Only the relay, or a stolen device key, can do that: check who runs the relay, and revoke the device if its key may be lost.'),
  'tampered': text('suspicious', 'Its seal or signature does not fit: changed on the way, or forged.', onTheWay),
  'truncated': text('suspicious', 'Not a whole record: cut off or damaged on the way.', 'If it goes on, look for a proxy that cuts messages short.'),
  'stale-epoch': text('suspicious', 'An opening with a number that is used up: an old one sent again, or a device that was set back.', copied),
  'key-update-refused': text('suspicious', 'New keys that the device’s current key did not sign, or with an old number.', 'If the device goes on with it, enrol it again.'),
  'decompression-bomb': text('suspicious', 'Genuine, but would become far larger than is allowed. It is recorded as a gap.', 'Look at the device: its agent makes none of these.'),
  'replayed': text('expected', 'It is stored already and came once more. Devices do that themselves when an acknowledgement was lost.', 'Nothing, unless it grows while the device stays connected.'),
  'unknown-epoch': text('expected', 'Sealed under keys that were not opened here yet. The device is asked for the opening.', nothing),
  'unknown-series': text('expected', 'Measurements of series that are not known here, after a restored backup. The device is asked for them.', nothing),
  'too-far-ahead': text('expected', 'Too far ahead of what is missing. The device sends it again.', nothing),
  'flood': text('expected', 'More at once than the device’s share. It sends it again.', 'If it goes on, measure less often or log less on that device.'),
  'revoked': text('expected', 'From a device that is revoked.', 'Nothing: it is cut off. Stop its agent if you can reach it.'),
  'not-for-this-server': text('fault', 'Sealed to a key that this server does not have.', otherFleet),
  'too-many-epochs': text('fault', 'More unfinished openings than a device can have.', 'Its agent starts again and again: its events say why.'),
  'undecodable': text('fault', 'Genuine, but does not say what its type says. It is recorded as a gap.', compare),
  'unknown-type': text('fault', 'Genuine, but of a type that this server does not know. It is recorded as a gap.', 'Update the server.'),
  'series-lost': text('fault', 'Measurements of series that neither this server nor the device knows any more. They are recorded as a gap.', 'After a restored backup that is so; otherwise compare the versions of agent and server.'),
  'series-redefined': text('fault', 'Measurements under a number that stands for another series. They are recorded as a gap.', compare),
  'too-many-series': text('fault', 'Measurements of more series than one device may have.', 'Look under “Any metric” for one that has ever new attributes.'),
  'unknown-command': text('fault', 'A report of a command that this server did not send.', 'After a restored backup that is so; otherwise look at what runs on the device.'),
  'executions-not-signed': text('suspicious', 'A record of executed commands that the device’s identity key did not sign.', copied),
  'update-receipt-not-signed': text('suspicious', 'A receipt of an update that the device’s identity key did not sign: the update does not count.', copied),
  'unstorable': text('fault', 'The database refused it again and again. The device keeps it.', 'Look at the free disk space and the server’s log.'),
  'file-storage': text('fault', 'There is no room for files, or the disk refused a part of one. The device keeps it and sends it again.', 'Look at the free disk space and at --max-files; delete files that nobody needs.'),
  'file-unknown': text('expected', 'A part of a file that was not announced. The device begins that file anew.', nothing),
  'file-conflict': text('fault', 'A file announced under the id of another one. It is recorded as a gap.', copied),
  'other': text('fault', 'The device used more words for its refusals than are counted apart.', 'Its events name them.'),
};

/** What devices refuse, of the server or of who pretends to be it. */
const device: Record<string, RejectionText> = {
  'frame-malformed': text('suspicious', 'Not a whole message: cut off or damaged on the way.', onTheWay),
  'record-unknown-sender': text('suspicious', 'By somebody whom the device’s roster does not name, or no more: such as a server that was replaced.', otherFleet),
  'record-not-authentic': text('suspicious', 'Its seal does not fit: changed on the way, or forged.', onTheWay),
  'record-malformed': text('fault', 'Genuine, but does not say what its type says.', compare),
  'record-replayed': text('suspicious', 'The device had it before: somebody sent it a second time.', onTheWay),
  'audit-not-signed': text('suspicious', 'A checkpoint of the audit log that no server of the roster has signed.', onTheWay),
  'audit-log-behind': text('suspicious', 'The server showed less of its audit log than before.', 'After a restored backup that is so; otherwise suspect the server, and verify it: fleetctl audit verify.'),
  'audit-log-forked': text('suspicious', 'The server showed another entry of its audit log than before: the log was written anew.', 'Suspect the server, and verify it: fleetctl audit verify.'),
  'audit-record-full': text('fault', 'More commands came than the device could record, because its spool takes nothing.', 'Look at the disk of the device.'),
  'epoch-unknown-sender': text('suspicious', 'An opening by somebody whom the device’s roster does not name.', otherFleet),
  'epoch-replayed': text('suspicious', 'An old opening of the server, sent again.', 'A few after a restored backup of the server: nothing. Otherwise suspect the relay.'),
  'epoch-bad-signature': text('suspicious', 'An opening that the server did not sign.', onTheWay),
  'epoch-wrong-sender': text('suspicious', 'An opening that names another sender than the one who signed it.', onTheWay),
  'epoch-not-for-this-device': text('suspicious', 'An opening for another device.', onTheWay),
  'epoch-not-authentic': text('suspicious', 'An opening whose seal does not fit: changed on the way, or made with old keys.', onTheWay),
  'epoch-malformed': text('suspicious', 'An opening that is damaged.', onTheWay),
  'trust-malformed': text('suspicious', 'A list of the fleet’s keys that is none, or another fleet’s.', otherFleet),
  'trust-unknown-root': text('suspicious', 'A root that does not follow the one that the device knows.', otherFleet),
  'trust-root-not-signed': text('suspicious', 'A root that the root before it has not signed.', 'Somebody tries to add keys to the fleet: check who can reach the server’s data folder.'),
  'trust-roster-not-signed': text('suspicious', 'A list of the fleet’s keys that its owners have not signed.', 'Somebody tries to add keys to the fleet: check who can reach the server’s data folder.'),
  'trust-notice-not-signed': text('suspicious', 'A notice of a server that the fleet’s owners have not named.', 'Somebody tries to add keys to the fleet: check who can reach the server’s data folder.'),
  'trust-older': text('suspicious', 'A list of the fleet’s keys that is older than the device’s own.', 'After a restored backup of the server that is so; otherwise suspect the relay.'),
  'command-malformed': text('suspicious', 'A command that is damaged or was not made by a server.', compare),
  'command-bad-signature': text('suspicious', 'A command that its issuer did not sign.', 'Check who can reach the server’s keys.'),
  'command-unknown-issuer': text('suspicious', 'A command of somebody whom the device’s roster does not name.', otherFleet),
  'command-wrong-target': text('suspicious', 'A command for another device.', onTheWay),
  'command-not-in-set': text('suspicious', 'A command for many devices, of which it is none.', onTheWay),
  'command-unknown-signer': text('suspicious', 'A command that somebody signed too whom the device’s roster does not name.', otherFleet),
  'command-bad-cosignature': text('suspicious', 'A command with a signature that is not over it.', 'Check who can reach the keys of those who sign.'),
  'command-replayed': text('suspicious', 'A command that came again after a later one. It is not run a second time.', onTheWay),
  'command-id-reused': text('suspicious', 'Another command under a number that is used up.', 'After a restored backup of the server that is so; otherwise check who can reach its keys.'),
  'command-not-permitted': text('rules', 'The fleet’s policy does not let its issuer have that done.', 'Let somebody with the role do it, or change the policy.'),
  'command-not-cosigned': text('rules', 'The fleet’s policy wants more people to sign it.', 'Have it signed by as many as the policy says.'),
  'command-signer-expired': text('rules', 'The time of the key of one who signed it is over.', 'An owner of the fleet can renew it.'),
  'command-too-many-waiting': text('rules', 'Too many commands wait for their maintenance windows on the device.', 'Cancel those that nobody needs any more.'),
  'command-issuer-expired': text('rules', 'The time of its issuer’s key in the fleet is over.', 'An owner of the fleet can renew it.'),
  'command-roster-expired': text('rules', 'The time of the fleet’s list of keys is over: only the server may command.', 'An owner of the fleet can renew it.'),
  'command-not-allowed': text('rules', 'The device’s owner does not allow this type of command.', 'If it should be, add it to Commands:Allow in the device’s configuration.'),
  'command-not-fresh': text('rules', 'Such a command counts only for the boot that it was made for.', 'Send it again while the device is online.'),
  'command-expired': text('expected', 'It came after its time, or after a restart of the device.', 'Send it again, with more time if the device is seldom online.'),
  'command-unknown-type': text('fault', 'This version of the agent does not know such a command.', 'Update the agent.'),
  'command-not-recordable': text('fault', 'The policy has shells recorded, and the device cannot record one now.', 'The command itself says why: the disk is full, or recordings wait for this server.'),
  'command-bad-arguments': text('fault', 'Its arguments do not fit the command.', 'The command itself says which; correct it and send it again.'),
};

/** In plain words; null where the reason is new to this dashboard. */
export function rejectionText(side: 'server' | 'device', reason: string): RejectionText | null {
  return (side === 'server' ? server[reason] : device[reason]) ?? (side === 'device' && reason === 'other' ? server['other'] ?? null : null);
}

interface Counted {
  side: 'server' | 'device';
  reason: string;
  count: number;
}

/** How many were refused in all, and of those how many nobody honest makes. An unknown reason counts as suspicious. */
export function countRejections(entries: readonly Counted[]): { all: number; suspicious: number } {
  let all = 0;
  let suspicious = 0;
  for (const { side, reason, count } of entries) {
    all += count;
    if ((rejectionText(side, reason)?.kind ?? 'suspicious') === 'suspicious') suspicious += count;
  }
  return { all, suspicious };
}
