namespace Messaging.Updates;

/// <summary>What a repository can make a client read, remember and wait for (the numbers that TUF, section 5, leaves to the application).</summary>
public sealed class TufLimits
{
    /// <summary>The deepest nesting of objects and arrays.</summary>
    public const int MaxDepth = 16;

    /// <summary>The values in one file.</summary>
    public const int MaxValues = 32_768;

    /// <summary>The bytes of one text in a file.</summary>
    public const int MaxTextBytes = 8192;

    /// <summary>The largest integer: what every reader of JSON holds exactly.</summary>
    public const long MaxInteger = 9_007_199_254_740_991;

    /// <summary>The signatures of one file.</summary>
    public const int MaxSignatures = 64;

    /// <summary>The keys that one file lists, and the keys of one role.</summary>
    public const int MaxKeys = 64;

    /// <summary>The roles that one file delegates to.</summary>
    public const int MaxDelegations = 64;

    /// <summary>The path patterns, or hash prefixes, of one delegation.</summary>
    public const int MaxPaths = 256;

    /// <summary>The files that a snapshot lists.</summary>
    public const int MaxMetaFiles = 1024;

    /// <summary>The targets that one file lists.</summary>
    public const int MaxTargets = 4096;

    /// <summary>The bytes of a role's or target's name in a URL, so that it is a file's name too.</summary>
    public const int MaxNameBytes = 200;

    /// <summary>The bytes of a target's path.</summary>
    public const int MaxPathBytes = 1024;

    /// <summary>The limits that are used unless others are given.</summary>
    public static TufLimits Default { get; } = new();

    /// <summary>W of 5.3.3: the bytes of a root. Default: 65,536.</summary>
    public int RootBytes { get; init; } = 64 * 1024;

    /// <summary>X of 5.4.1: the bytes of a timestamp. Default: 16,384.</summary>
    public int TimestampBytes { get; init; } = 16 * 1024;

    /// <summary>Y of 5.5.1: the bytes of a snapshot, listed or not. Default: 262,144.</summary>
    public int SnapshotBytes { get; init; } = 256 * 1024;

    /// <summary>Z of 5.6.1: the bytes of a targets file, listed or not. Default: 524,288.</summary>
    public int TargetsBytes { get; init; } = 512 * 1024;

    /// <summary>Y of 5.3.3: the roots that one update follows. Default: 256.</summary>
    public int RootRotations { get; init; } = 256;

    /// <summary>The roles that one search visits (5.6.7.1). Default: 32.</summary>
    public int VisitedRoles { get; init; } = 32;

    /// <summary>How long a metadata file, and the start of a target, may take. Default: 1 minute.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The slowest rate, in bytes a second, at which a target may come. Default: 1024.</summary>
    public int BytesPerSecond { get; init; } = 1024;
}
