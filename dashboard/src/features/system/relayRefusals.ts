export interface RelayRefusal {
  id: string;
  name: string;
  count: number;
  meaning: string;
}

const meanings: Record<string, [string, string]> = {
  authenticationsRefused: ['Authentications refused', 'Somebody could not prove who they are: an unknown or revoked device, or a wrong key. If it goes on, look for a device that was never enrolled here, or for who else reaches the MQTT port.'],
  tokensReplayed: ['Tokens replayed', 'A sign-in that was used before came once more: somebody recorded it. It was refused; use TLS on the way.'],
  connectionsRefused: ['Connections refused', 'Too many at once, in all or from one address. They were closed before anything was read.'],
  connectTimeouts: ['Sign-ins not finished', 'Connected, but did not sign in in time: port scanners do that. Nothing is to be done.'],
  tlsHandshakesFailed: ['TLS handshakes that failed', 'A client without TLS, one that does not trust the server’s certificate, or a scanner. If it goes on, look for an integration without the certificate.'],
  connectsUnavailable: ['Devices asked to wait', 'The server’s list of devices had not come yet, or the relay was full. Devices try again.'],
  malformedPackets: ['Unreadable packets', 'Not MQTT: a scanner, or a foreign program on the port.'],
  oversizedPackets: ['Oversized packets', 'Announced more than is allowed and was cut off.'],
  protocolViolations: ['Protocol violations', 'Against the rules of MQTT or of this relay. If a device does it, update its agent.'],
  publishesRefused: ['Publications refused', 'To a topic that is not the sender’s own: an honest agent never does that. Look at the device.'],
  subscriptionsRefused: ['Subscriptions refused', 'To a topic that is not the client’s own: an honest agent never does that. Look at the device.'],
  directoryUpdatesRefused: ['Lists of devices refused', 'They did not fit the version before; the server sends a whole one.'],
  slowConsumersCut: ['Slow clients cut off', 'They took too little of what waited for them. They connect again.'],
  keepAliveTimeouts: ['Silent clients cut off', 'Nothing was heard of them: usually a lost network. They connect again.'],
  pollRequestsRefused: ['Long-poll requests refused', 'For a session that is not there or belongs to another certificate, or out of order. After a restart of the relay it happens once a device; if it goes on, look for who else reaches the port.'],
  pollSessionsExpired: ['Long-poll sessions given up', 'Nobody asked for them any more: usually a lost network. Devices begin a new one.'],
  messagesUnheard: ['Messages that nobody took', 'The server was away. Devices keep them and send them again.'],
  messagesHeldOff: ['Messages turned back', 'The server was too slow for too long. Devices keep them and send them again.'],
  messagesTooLarge: ['Messages too large for their receiver', 'The receiver takes only smaller packets.'],
  packetsDelayed: ['Packets delayed', 'A device was over its rate and was read later. Nothing is lost.'],
  usersRefused: ['Users of MQTT refused', 'A wrong name or password, or none. If it goes on, look for an integration with an old password, or for who else reaches the MQTT port.'],
  usersDelayed: ['Users of MQTT asked to wait', 'Too many wrong passwords from one address or for one user, or too many sign-ins at once. If it goes on, somebody guesses.'],
  sessionsRevoked: ['Sessions ended by revoking', 'Their device was revoked, or its key changed.'],
};

/** What the relay refused, cut off or delayed since it started, and what that means; what never happened is left out. */
export function relayRefusals(counters: Record<string, unknown>): RelayRefusal[] {
  return Object.entries(meanings).flatMap(([id, [name, meaning]]) => {
    const count = counters[id];
    return typeof count === 'number' && count > 0 ? [{ id, name, count, meaning }] : [];
  });
}

/** The counters that are not about refusals, by name. */
export function otherCounters(counters: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(counters).filter(([name]) => !(name in meanings)).sort(([a], [b]) => a.localeCompare(b)));
}
