namespace Messaging.Relay.Tests.Support;

/// <summary>The relay meant another certificate than the one that the client saw: somebody sits between them.</summary>
internal sealed class ChannelBindingException() : Exception("The certificate in the challenge is not the one of this connection.");
