using System.Security.Cryptography;
using Messaging.Agent.Clock;
using Messaging.Agent.Commands.Beneath;
using Messaging.Agent.Events;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Transfers;
using Messaging.Crypto;
using Messaging.Sessions;
using Messaging.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Agent.Tests.Transfers;

/// <summary>Pushes to a simulated disk: the agent's state in one folder, the target in another.</summary>
internal sealed class PushWorld
{
    public const string Folder = "srv";
    public const string Target = Folder + "/app.bin";
    private const string State = "state";
    private static readonly HpkePublicKey Client = HpkeKeyPair.Generate().Public;

    public PushWorld(CrashDisk disk, BootId? boot = null, TimeSpan? keep = null)
    {
        Disk = disk;
        Places = new CrashPlaces(disk);
        Boot = new Clock(boot ?? FirstBoot);
        Partials = new Partials(disk, State + "/pushes", Places, Boot, keep ?? TimeSpan.FromHours(1), new Events(), NullLogger<Partials>.Instance);
    }

    public static BootId FirstBoot { get; } = BootId.Generate();

    public CrashDisk Disk { get; }

    public IPlaces Places { get; }

    public Clock Boot { get; }

    public Partials Partials { get; }

    /// <summary>What is in the folder of the target.</summary>
    public IEnumerable<string> Names => Disk.Names.Where(static name => name.StartsWith(Folder + "/", StringComparison.Ordinal));

    /// <summary>A disk on which both folders are, and the old file.</summary>
    public static CrashDisk NewDisk(byte[]? old = null)
    {
        var names = new Dictionary<string, CrashInode>();
        if (old is not null)
        {
            names.Add(Target, new CrashInode([.. old]));
        }

        return new CrashDisk(names, [".", State, Folder]);
    }

    public static byte[] Content(int size, int seed = 7) => [.. Enumerable.Range(0, size).Select(i => (byte)((i * seed) + (i >> 8)))];

    public PushWriter Writer(byte[] content, byte[]? expected = null, bool mustBeNew = false, byte[]? sha256 = null, long keepFree = 0, int syncEvery = 1000) => new(
        Places,
        Partials,
        new PushOrder(Folder, ["app.bin"], new PushArguments(
            SessionId.Generate(),
            Client,
            Target,
            content.Length,
            0x1a4,
            sha256 ?? SHA256.HashData(content),
            mustBeNew ? ReadOnlyMemory<byte>.Empty : expected is null ? (ReadOnlyMemory<byte>?)null : SHA256.HashData(expected))),
        keepFree)
    {
        SyncEvery = syncEvery,
    };

    /// <summary>All of it, from where the device says.</summary>
    public static string? Push(PushWriter writer, byte[] content, int piece = 700)
    {
        var at = (int)writer.Begin(static () => { }, CancellationToken.None).Offset;
        Send(writer, content, at, content.Length, piece);
        return writer.Finish(static () => true, CancellationToken.None);
    }

    public static void Send(PushWriter writer, byte[] content, int from, int to, int piece = 700)
    {
        for (var at = from; at < to; at += piece)
        {
            writer.Write(content.AsSpan(at, Math.Min(piece, to - at)));
        }
    }

    internal sealed class Clock(BootId boot) : IBootClock
    {
        public BootId BootId => boot;

        public ulong UptimeMs { get; set; } = 1000;
    }

    private sealed class Events : IEventSink
    {
        public void Report(DeviceEvent one) => throw new InvalidOperationException($"Nothing is lost: {one.Name}");
    }
}
