namespace Messaging.Agent.Spool;

internal enum SpoolProblemKind
{
    /// <summary>The last entries were not completely written when the device lost power.</summary>
    TornTail,

    /// <summary>Bytes on disk are not what was written.</summary>
    Corrupt,

    /// <summary>A segment of another version was set aside.</summary>
    OtherVersion,

    /// <summary>The acks could not be read: some records are sent twice, which the server notices.</summary>
    AcksLost,

    /// <summary>The disk refused a write.</summary>
    WriteFailed,

    /// <summary>The disk takes writes again.</summary>
    Recovered,

    /// <summary>The oldest records were dropped because the spool is full.</summary>
    Evicted,

    /// <summary>The server has less than it had confirmed: it was restored from an older backup.</summary>
    ServerRestored,
}
