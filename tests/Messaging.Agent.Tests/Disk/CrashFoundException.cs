namespace Messaging.Agent.Tests.Disk;

/// <summary>A power cut that the state did not survive as it should.</summary>
internal sealed class CrashFoundException(string place, Exception cause) : Exception(place + ": " + cause.Message, cause);
