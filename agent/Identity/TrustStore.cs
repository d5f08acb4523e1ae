using System.Buffers;
using Messaging.Agent.Clock;
using Messaging.Agent.Disk;
using Messaging.Wire;

namespace Messaging.Agent.Identity;

/// <summary>
/// Floors on disk: [3, rootMs, null | [statedMs, statedBy], [[server, epochNo, epochId]...]]; version 2, which did not say of which server the
/// epoch was, is [2, rootMs, null | [statedMs, statedBy], epochNo, epochId]; version 1, which did not say by whom the time was stated
/// either, is [1, timeMs, epochNo, epochId]. Thread-safe.
/// </summary>
internal sealed class TrustStore
{
    private const uint Version = 1;
    private const int MaxBytes = 1024;

    /// <summary>More servers than a fleet has at a time.</summary>
    private const int MaxServers = 8;
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

    private static TrustState Nothing => new(new TrustedTime(0, null, null), []);

    private static ReadOnlySpan<byte> Magic => "MSGTRUST"u8;

    /// <summary>Keeps the newest epochs, of the last servers in the list if they are too many. Durable when it returns.</summary>
    /// <exception cref="IOException">It cannot be written; nothing changed.</exception>
    public void KeepDownEpochs(IReadOnlyList<ServerEpoch> epochs) => Save(epochs);

    /// <summary>Keeps the time for the next start.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void SaveTime() => Save(null);

    private void Save(IReadOnlyList<ServerEpoch>? epochs)
    {
        lock (_gate)
        {
            var trust = new TrustState(_clock.Snapshot(), epochs ?? Trust.DownEpochs);
            var output = new ArrayBufferWriter<byte>(128);
            var writer = new CborWriter(output);
            writer.WriteArrayHead(4);
            writer.WriteUInt64(3);
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

            var first = Math.Max(0, trust.DownEpochs.Count - MaxServers);
            writer.WriteArrayHead(trust.DownEpochs.Count - first);
            for (var i = first; i < trust.DownEpochs.Count; i++)
            {
                writer.WriteArrayHead(3);
                writer.WritePrincipalId(trust.DownEpochs[i].Server);
                writer.WriteUInt64(trust.DownEpochs[i].Number);
                writer.WriteEpochId(trust.DownEpochs[i].Id);
            }

            SealedFile.Write(_disk, _path, Magic, Version, output.WrittenSpan);
            Trust = trust;
        }
    }

    private static bool TryDecode(ReadOnlySpan<byte> content, out TrustState trust)
    {
        trust = Nothing;
        var reader = new CborReader(content);
        if (!reader.TryReadArrayHead(out var fields)
            || !reader.TryReadUInt64(out var version, 3)
            || fields != (version == 2 ? 5 : 4)
            || version == 0
            || !TryReadTime(ref reader, version, out var time)
            || !TryReadEpochs(ref reader, version, out var epochs)
            || !reader.AtEnd)
        {
            return false;
        }

        trust = new TrustState(time, epochs);
        return true;
    }

    private static bool TryReadEpochs(ref CborReader reader, ulong version, out ServerEpoch[] epochs)
    {
        epochs = [];
        var count = 1;
        if (version == 3 && !reader.TryReadArrayHead(out count, MaxServers))
        {
            return false;
        }

        epochs = new ServerEpoch[count];
        for (var i = 0; i < count; i++)
        {
            PrincipalId server = default;
            if ((version == 3 && (!reader.TryReadArray(3) || !reader.TryReadPrincipalId(out server)))
                || !reader.TryReadUInt64(out var number)
                || !reader.TryReadEpochId(out var id))
            {
                return false;
            }

            epochs[i] = new ServerEpoch(server, number, id);
        }

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
