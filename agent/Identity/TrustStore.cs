using System.Buffers;
using Messaging.Agent.Clock;
using Messaging.Agent.Disk;
using Messaging.Wire;

namespace Messaging.Agent.Identity;

/// <summary>
/// Floors on disk: [2, rootMs, null | [statedMs, statedBy], downEpochNo, downEpochId]; version 1, which did not say by whom the time was
/// stated, is [1, timeMs, downEpochNo, downEpochId]. Thread-safe.
/// </summary>
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
            clock.Restore(trust.Time);
        }
        else
        {
            WasLost = state != SealedFileState.Missing;
        }
    }

    /// <summary>The file was there and could not be used: replays of old epochs are held off by the sequence of commands alone.</summary>
    public bool WasLost { get; }

    public TrustState Trust { get; private set; } = Nothing;

    private static TrustState Nothing => new(new TrustedTime(0, null, null), 0, default);

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
            trust = trust with { Time = _clock.Snapshot() };
            var output = new ArrayBufferWriter<byte>(64);
            var writer = new CborWriter(output);
            writer.WriteArrayHead(5);
            writer.WriteUInt64(2);
            writer.WriteUInt64((ulong)trust.Time.RootUnixMs);
            if (trust.Time is { StatedUnixMs: { } stated, StatedBy: { } signer })
            {
                writer.WriteArrayHead(2);
                writer.WriteUInt64((ulong)stated);
                writer.WritePrincipalId(signer);
            }
            else
            {
                writer.WriteNull();
            }

            writer.WriteUInt64(trust.DownEpochNo);
            writer.WriteEpochId(trust.DownEpochId);
            SealedFile.Write(_disk, _path, Magic, Version, output.WrittenSpan);
            Trust = trust;
        }
    }

    private static bool TryDecode(ReadOnlySpan<byte> content, out TrustState trust)
    {
        trust = Nothing;
        var reader = new CborReader(content);
        if (!reader.TryReadArrayHead(out var fields)
            || !reader.TryReadUInt64(out var version, 2)
            || (fields, version) is not ((4, 1) or (5, 2))
            || !TryReadTime(ref reader, version, out var time)
            || !reader.TryReadUInt64(out var number)
            || !reader.TryReadEpochId(out var id)
            || !reader.AtEnd)
        {
            return false;
        }

        trust = new TrustState(time, number, id);
        return true;
    }

    private static bool TryReadTime(ref CborReader reader, ulong version, out TrustedTime time)
    {
        time = Nothing.Time;
        if (!reader.TryReadUInt64(out var first, long.MaxValue))
        {
            return false;
        }

        if (version == 1)
        {
            time = new TrustedTime(0, (long)first, null);
            return true;
        }

        time = new TrustedTime((long)first, null, null);
        if (reader.TryReadNull())
        {
            return true;
        }

        if (!reader.TryReadArray(2) || !reader.TryReadUInt64(out var stated, long.MaxValue) || !reader.TryReadPrincipalId(out var signer))
        {
            return false;
        }

        time = time with { StatedUnixMs = (long)stated, StatedBy = signer };
        return true;
    }
}
