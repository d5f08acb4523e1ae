import type { Verdict } from '@/trust/protocol/fleetTrust';

/** What is wrong with what the server shows, and what to do. */
export function alarmText(verdict: Verdict, otherFleet: boolean): { title: string; text: string } {
  if (otherFleet) {
    return {
      title: 'The server shows another fleet than the one that this browser knows',
      text: 'It was set up again, or somebody pretends to be it. Nothing is signed here until that is clear. Ask who runs the server.',
    };
  }
  const title = 'What the server shows does not follow what this browser knows';
  switch (verdict) {
    case 'RootNotSigned':
      return { title, text: 'A root is not signed by the root keys before it. Somebody pretends to own the fleet: devices refuse this, and so does this page. Do not use this server before that is clear.' };
    case 'RosterNotSigned':
      return { title, text: 'The roster is not signed by the fleet’s owners. Somebody pretends: devices refuse this, and so does this page. Do not use this server before that is clear.' };
    case 'NoticeNotSigned':
      return { title, text: 'The notice is not signed by a server of the roster. Somebody stands between you and the server, or it lost its key. Ask who runs it.' };
    case 'UnknownRoot':
      return { title, text: 'None of its roots is the one that this browser knows, or follows it. Somebody pretends, or this browser has missed very many roots. Compare the fleet’s fingerprint with an owner’s.' };
    default:
      return { title: 'The server does not show whom the fleet trusts', text: 'What it answers cannot be read. It may be of another version than this page: reload the page. If it stays, look at the server’s log.' };
  }
}
