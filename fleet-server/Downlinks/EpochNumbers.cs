using System.Buffers.Binary;
using Messaging.Epochs;
using Messaging.FleetServer.Storage;
using Messaging.Wire;

namespace Messaging.FleetServer.Downlinks;

/// <summary>
/// Numbers for the server's epochs that were never used before, for one durable write a start: a number of the start, then a
/// counter in memory. A start's number is the time where that is higher than the last one: a server that was restored from a backup
/// goes on above what devices have seen of it since.
/// </summary>
internal sealed class EpochNumbers
{
    private readonly TimeProvider _time;
    private readonly BootId _bootId = BootId.Generate();
    private readonly long _startedAt;
    private readonly ulong _start;
    private uint _count;

    /// <param name="path">The file with the number of the last start.</param>
    /// <exception cref="InvalidDataException">The file is damaged: devices would refuse numbers that they know.</exception>
    public EpochNumbers(string path, TimeProvider time)
    {
        _time = time;
        _startedAt = time.GetTimestamp();
        _start = Math.Max(Read(path) + 1, (ulong)time.GetUtcNow().ToUnixTimeSeconds());
        var content = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(content, _start);
        DurableFile.Replace(path, content);
    }

    /// <summary>What the next epoch of the server says of itself.</summary>
    public EpochParameters Next(ulong noticeNumber) => new(
        (_start << 32) | Interlocked.Increment(ref _count),
        _bootId,
        (ulong)_time.GetElapsedTime(_startedAt).TotalMilliseconds,
        _time.GetUtcNow().ToUnixTimeMilliseconds(),
        noticeNumber);

    private static ulong Read(string path)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        var content = File.ReadAllBytes(path);
        return content.Length == sizeof(ulong)
            ? BinaryPrimitives.ReadUInt64BigEndian(content)
            : throw new InvalidDataException($"{path} does not hold a number of 8 bytes. Restore it from a backup.");
    }
}
