namespace Messaging.Telemetry.Compression;

internal enum DeflateResult
{
    Done,

    /// <summary>No stream, one that is cut off, or one that something follows.</summary>
    Broken,

    /// <summary>It expands to more than is allowed.</summary>
    TooLong,
}
