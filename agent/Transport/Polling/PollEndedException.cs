namespace Messaging.Agent.Transport.Polling;

/// <summary>The relay does not know the session any more, or the requests do not get through.</summary>
internal sealed class PollEndedException(string message, Exception? inner = null) : IOException(message, inner);
