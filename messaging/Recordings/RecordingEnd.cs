namespace Messaging.Recordings;

/// <summary>What a device says of a recording beside it: attributes of the file that it sends.</summary>
public static class RecordingEnd
{
    /// <summary>How it ended: <see cref="Complete"/> or <see cref="BrokenOff"/>.</summary>
    public const string Key = "recording.end";

    /// <summary>How long it lasted, in milliseconds; not there when it was broken off.</summary>
    public const string LastedKey = "recording.ms";

    /// <summary>Its last chunk is there.</summary>
    public const string Complete = "complete";

    /// <summary>The device went down, or could not write.</summary>
    public const string BrokenOff = "broken-off";
}
