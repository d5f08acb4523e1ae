namespace Messaging.Sessions;

/// <summary>The first byte of a packet.</summary>
public enum SessionPacketKind : byte
{
    /// <summary>The device's signed answer to the command.</summary>
    Accept = 1,

    /// <summary>Sealed under the session's keys.</summary>
    Sealed = 2,
}
