export interface FindingText {
  title: string;
  meaning: string;
  advice: string;
  /** Somebody may have done it on purpose. */
  isAlarm: boolean;
}

const text = (isAlarm: boolean, title: string, meaning: string, advice: string): FindingText => ({ isAlarm, title, meaning, advice });

const texts: Record<string, FindingText> = {
  'log-damaged': text(true, 'The log was damaged', 'An entry or a checkpoint of this server’s log is not what was written. The log goes on in a new one.', 'Find out who could write to the server’s disk. Compare with an export, or with fleetctl audit verify on an owner’s machine.'),
  'log-rewritten': text(true, 'The log was set back or written anew', 'A device has seen more of the log than this server has, or another entry.', 'After a restored backup that is so: acknowledge it. Otherwise somebody has changed the server’s database: treat the server as stolen.'),
  'command-unknown': text(true, 'A device ran a command that the log does not know', 'It was signed by somebody of the roster, and did not come through this server’s log.', 'Ask whoever has the key that signed it. If it was nobody, the key is stolen: remove it from the roster; if it is the server’s, replace the server.'),
  'command-differs': text(true, 'A device ran something else than the log says', 'The command has the same number, and says something else.', 'As for an unknown command: somebody has the key that signed it.'),
  'command-unreported': text(false, 'A command is in no record of its device', 'It was sent, and the device’s signed record does not mention it.', 'See whether the device reports anything else. A record that stays away for one command only was held back on the way, or the device was set back.'),
  'state-differs': text(true, 'A command ended differently', 'What the device reported and what it recorded and signed do not agree.', 'The record is what the device signed. Look who could change the server’s database.'),
  'record-gap': text(false, 'Entries of a device’s record are missing', 'What came after them is here.', 'Look at the device’s gaps: a full disk drops records and says so. Without a gap, somebody held them back.'),
  'record-forked': text(true, 'A device’s record has two continuations', 'Two devices have its keys, or its storage was set back to an older state.', 'Look for a copy of the device, and for a restored SD card. Revoke the device and enrol it anew if you cannot explain it.'),
  'record-restarted': text(false, 'A device began its record anew', 'Its storage was lost or damaged, or the agent was installed again.', 'If nobody did that, look at the device.'),
};

/** Null for what a newer server finds. */
export const findingText = (kind: string): FindingText | null => texts[kind] ?? null;

export const findingKinds = Object.keys(texts);
