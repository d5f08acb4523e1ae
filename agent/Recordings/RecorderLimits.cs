using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;

namespace Messaging.Agent.Recordings;

/// <summary>How large a recording may become, and how often it is put on the medium.</summary>
/// <param name="maxBytes">Of the file (Sessions:RecordBytes).</param>
/// <param name="keepFree">Of the file system (Sessions:KeepFree).</param>
/// <param name="space">Asks for the room.</param>
internal sealed class RecorderLimits(long maxBytes, long keepFree, Func<DiskSpace?> space)
{
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Null, or why it does not go on.</summary>
    /// <param name="written">Bytes of the file.</param>
    /// <param name="look">Whether the room is to be looked at.</param>
    public string? Refusal(long written, bool look) =>
        written >= maxBytes ? $"the recording has {OptionText.Write(maxBytes)}, and may have no more (Sessions:RecordBytes)"
        : look ? NoRoom()
        : null;

    /// <summary>Null, or why nothing can be recorded here.</summary>
    public string? NoRoom() => space() is { } room && room.Free < keepFree
        ? $"the disk is full: {OptionText.Write(room.Free)} are free, and {OptionText.Write(keepFree)} of them stay free (Sessions:KeepFree)"
        : null;
}
