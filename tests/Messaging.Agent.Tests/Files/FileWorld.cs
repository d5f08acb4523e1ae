using System.Buffers;
using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Files;
using Messaging.Agent.Hosting;
using Messaging.Agent.Recordings;
using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Hosting;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Uplink;
using Messaging.Files;
using Messaging.Streams;
using Messaging.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Files;

/// <summary>One run of what brings files to the server, on a disk of tests and with a server in memory, without a network between them.</summary>
internal sealed class FileWorld : IDisposable
{
    public static readonly FileFolder Folder = new("drop");
    private readonly StateWorld _state;
    private readonly FileServer _server;
    private readonly FileReceipts _receipts = new();
    private readonly FakeTimeProvider _time;
    private SpoolCursor _cursor;

    public FileWorld(StateWorld state, CrashDisk disk, FileServer server, FakeTimeProvider time, AgentOptions? options = null)
    {
        (_state, _server, _time) = (state, server, time);
        State = state.Open(disk) ?? throw new InvalidOperationException("not enrolled");
        Writer = state.Writer(State);
        Assert.True(Writer.TryOpen());
        var sources = new CrashSources(disk);
        var set = options ?? StateWorld.Options;
        Queue = new FileQueue(disk, sources, Folder.Queue, Folder.Rejected) { MaxBytes = set.Files.MaxBytes };
        Recordings = new RecordingStore(
            disk, sources, StateWorld.Folder.Recordings, set.Sessions, State.Keys, _receipts, time, NullLogger<RecordingStore>.Instance);
        Recordings.Prepare();
        Inbox = new FileInbox(Queue, sources, Folder, Writer, set, time, NullLogger<FileInbox>.Instance);
        Courier = new FileCourier(
            [Inbox, Recordings],
            new FileSealer(sources, Writer, Events, set, time, NullLogger<FileSealer>.Instance), Writer, State.Spool, _receipts,
            set, time, NullLogger<FileCourier>.Instance);
    }

    public AgentState State { get; }

    public UplinkWriter Writer { get; }

    public FileQueue Queue { get; }

    public FileCourier Courier { get; }

    public RecordingStore Recordings { get; }

    public FileInbox Inbox { get; }

    public RecordedEvents Events { get; } = new();

    /// <summary>A disk on which programs have their folder already.</summary>
    public static CrashDisk Disk(params (string Name, byte[] Content)[] files) => new(
        files.ToDictionary(file => Path.Combine(Folder.Files, file.Name), file => new CrashInode([.. file.Content])),
        [".", "state", Folder.Drop, Folder.Files, Folder.Queue]);

    public static FileManifest About(string name) =>
        new(TransferId.Generate(), 0, FileManifest.MinChunkSize, new byte[32], name, MediaType.Unknown, BuildTime.UnixMs + 1000, [new("camera", "2")]);

    public void Take(string name) => Queue.Take(Path.Combine(Folder.Files, name), About(name));

    public void Turn() => Courier.Turn(CancellationToken.None);

    /// <summary>Everything that is sealed comes to the server, is acknowledged and answered.</summary>
    public void Deliver(bool answer = true)
    {
        while (State.Spool.TryRead(ref _cursor, SenderPass.IsFile, out var record, out var bytes))
        {
            Assert.True(State.Spool.TryFindEpoch(record.Key.Epoch, out var epoch));
            Assert.True(Frame.TryRead(bytes, out var frame));
            var content = new ArrayBufferWriter<byte>();
            Assert.True(_state.Receiver(epoch).TryOpen(frame, content, out _));
            if (_server.Seen.Add(record) && _server.Take(frame.RecordType, content.WrittenSpan.ToArray()) is { } receipt && answer)
            {
                _receipts.Add(receipt);
            }
        }

        foreach (var epoch in State.Spool.EpochsToOpen())
        {
            foreach (var (stream, last) in epoch.LastSeq)
            {
                State.Spool.Ack(epoch.Id, stream, last);
            }
        }
    }

    /// <summary>Until nothing is left to do.</summary>
    public void Finish(int rounds = 60)
    {
        for (var round = 0; round < rounds; round++)
        {
            Turn();
            Deliver();
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        Turn();
    }

    public void Dispose()
    {
        Writer.Dispose();
        State.Dispose();
    }
}
