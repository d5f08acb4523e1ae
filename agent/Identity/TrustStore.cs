using System.Buffers;
using Messaging.Agent.Clock;
using Messaging.Agent.Disk;
using Messaging.Wire;

namespace Messaging.Agent.Identity;

/// <summary>Floors on disk: [1, timeMs, downEpochNo, downEpochId]. Thread-safe.</summary>
internal sealed class TrustStore
{
    private const uint Version = 1;
    private const int MaxBytes = 1024;
    private readonly Lock _gate = new();
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly TrustedClock _clock;

    /// <exception cref="IOException">The file cannot be read.</exception>
    public TrustStore(IDisk disk, string path, TrustedClock clock)
    {
        _disk = disk;
        _path = path;
        _clock = clock;
        var state = SealedFile.TryRead(disk, path, Magic, Version, MaxBytes, out var content);
        if (state == SealedFileState.Whole && TryDecode(content, out var trust))
        {
            Trust = trust;
            clock.Raise(trust.TimeUnixMs);
        }
        else
        {
            WasLost = state != SealedFileState.Missing;
        }
    }

    /// <summary>The file was there and could not be used: replays of old epochs are held off by the sequence of commands alone.</summary>
    public bool WasLost { get; }

    public TrustState Trust { get; private set; } = new(0, 0, default);

    private static ReadOnlySpan<byte> Magic => "MSGTRUST"u8;

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">It cannot be written; nothing changed.</exception>
    public void RaiseDownEpoch(ulong number, EpochId id) => Save(Trust with { DownEpochNo = number, DownEpochId = id });

    /// <summary>Keeps the time for the next start.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void SaveTime() => Save(Trust);

    private void Save(TrustState trust)
    {
        lock (_gate)
        {
            trust = trust with { TimeUnixMs = _clock.LowerBoundUnixMs };
            var output = new ArrayBufferWriter<byte>(64);
            var writer = new CborWriter(output);
            writer.WriteArrayHead(4);
            writer.WriteUInt64(1);
            writer.WriteUInt64((ulong)trust.TimeUnixMs);
            writer.WriteUInt64(trust.DownEpochNo);
            writer.WriteEpochId(trust.DownEpochId);
            SealedFile.Write(_disk, _path, Magic, Version, output.WrittenSpan);
            Trust = trust;
        }
    }

    private static bool TryDecode(ReadOnlySpan<byte> content, out TrustState trust)
    {
        trust = new TrustState(0, 0, default);
        var reader = new CborReader(content);
        if (!reader.TryReadArray(4)
            || !reader.TryReadExpected(1)
            || !reader.TryReadUInt64(out var time, long.MaxValue)
            || !reader.TryReadUInt64(out var number)
            || !reader.TryReadEpochId(out var id)
            || !reader.AtEnd)
        {
            return false;
        }

        trust = new TrustState((long)time, number, id);
        return true;
    }
}
