type Texts = Record<string, [string, string]>;

/** What was dropped, refused or cut of MQTT users: what it is called, what it means, and what to do. */
export const mqttDrops: Texts = {
  droppedSlowConsumer: ['Messages dropped for slow subscribers', 'Of QoS 0, since too much waited for their subscriber already. Sort the connections by what waits; subscribe less, or with QoS 1.'],
  droppedQueueFull: ['Messages dropped for full queues', 'Of QoS 1 or 2, since too many wait for their subscriber. It is away, or acknowledges too slowly: look at it, or let its session expire sooner.'],
  droppedNotAllowed: ['Messages dropped for permissions', 'They waited for a user who may not have them any more, since its permissions were changed.'],
  expired: ['Messages expired', 'Their sender gave them a time, and they waited longer. Nothing is to be done, unless the receiver should have been there.'],
  tooLarge: ['Messages too large for their subscriber', 'The subscriber takes only smaller packets. Raise its maximum packet size, or send less at once.'],
  protocolBroken: ['Connections ended for broken MQTT', 'What they sent is not MQTT. Look for a client with a fault, or a foreign program on the port.'],
  connectionRefused: ['Connections refused', 'Too many connections or sessions, a client id without a session, a will that is not allowed, or no CONNECT in time.'],
  publishRefused: ['Publications refused', 'To a topic that their user may not publish to; the log names it once for a connection. Allow it: fleet-server mqtt-user set NAME --publish FILTER.'],
  subscriptionRefused: ['Subscriptions refused', 'To a filter that their user may not subscribe to; the log names it. Allow it: fleet-server mqtt-user set NAME --subscribe FILTER.'],
  notStored: ['Not stored', 'The disk took nothing: it is full, or failed. What was refused is sent again by its client. Make room on the disk of the data folder.'],
};

export const channelDrops: Texts = {
  appendRefused: ['Records refused', 'Too large, over a quota, or no room on the disk. Look at the sizes below, and at the disk.'],
  accessDenied: ['Access to a channel denied', 'A wrong secret, or a channel that is not there. If it goes on, look for a program with an old secret, or for who else reaches the port.'],
  slowConsumer: ['Slow followers cut off', 'MQTT clients that took nothing of a channel. They connect again and go on where they were.'],
  tooLarge: ['Records too large for a follower', 'An MQTT client that takes only smaller packets did not get them. Raise its maximum packet size.'],
};

export const legacyDrops: Texts = {
  sessionExpired: ['Sessions expired', 'Their agent asked no more: it ended, or its network did.'],
  datagramMalformed: ['Unreadable datagrams', 'No request of the legacy profile: a scanner, or a foreign program on the UDP port.'],
  datagramOfNoSession: ['Datagrams of no session', 'Their agent has to connect again over HTTP. After a restart it happens; if it goes on, look for who else reaches the port.'],
  datagramDropped: ['Datagrams dropped', 'More came at once than are worked on. Agents send them again.'],
  pushFailed: ['Events over UDP that were not stored', 'Their sender cannot be told. Look at the disk, or send them over HTTP.'],
  answerWithheld: ['Answers over UDP not sent', 'To an address that was not seen over HTTP, or that had as many as it may: so nobody can use the server against others.'],
  eventLeftOut: ['Events too large for UDP', 'They were left out of answers over UDP; agents get them over HTTP.'],
};
