namespace Messaging.Agent.Tests.Disk;

internal enum CrashFateKind
{
    Whole,
    Lost,

    /// <summary>The first bytes of it.</summary>
    Torn,

    /// <summary>Some of its sectors, and of one sector a part.</summary>
    Sectors,

    /// <summary>The length without the bytes.</summary>
    Zeros,

    /// <summary>The length, and what the medium held there before.</summary>
    OldBytes,
}
