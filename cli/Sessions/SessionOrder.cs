using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Cli.Sessions;

/// <summary>What a session was opened with: what the device's answer has to fit.</summary>
/// <param name="Device">With whom.</param>
/// <param name="Session">Its name.</param>
/// <param name="Command">The command that opens it.</param>
/// <param name="Arguments">Of the command; the public half of the key is in them.</param>
/// <param name="Key">This end's key for this session.</param>
/// <param name="Window">Bytes that may be on their way to this end.</param>
internal sealed record SessionOrder(PrincipalId Device, SessionId Session, CommandId Command, byte[] Arguments, HpkeKeyPair Key, long Window);
