using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Identity;
using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Trust;
using Messaging.Agent.Uplink;
using Messaging.Crypto;
using Messaging.Epochs;
using Messaging.Streams;
using Messaging.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Agent.Tests.Uplink;

public sealed class GapReporterTests : IDisposable
{
    private readonly IdentityKey _root = IdentityKey.Generate();
    private readonly HpkeKeyPair _serverHpke = HpkeKeyPair.Generate();
    private readonly SpoolStore _spool;
    private readonly UplinkWriter _writer;
    private readonly GapReporter _gaps;

    public GapReporterTests()
    {
        var disk = new FaultDisk();
        var boot = new FixedBoot();
        var clock = new TrustedClock(boot);
        using var server = IdentityKey.Generate();
        var bundle = TrustMaker.Make(_root, server, _serverHpke.Public);
        _spool = SpoolStore.Open(disk, "spool", new SpoolLimits { SegmentBytes = 4000, MaxBytes = 8_000_000 }, TimeProvider.System);
        _writer = new UplinkWriter(
            _spool,
            KeyStore.Create(disk, "keys", 0),
            FleetTrustStore.Open(disk, "fleet", bundle.Roots[0].Fingerprint.ToArray(), bundle.Encode(), clock)!,
            new EpochCounter(disk, "epoch"),
            boot,
            new WallClock(TimeProvider.System, boot, clock, new FakeDiscipline(), new AgentOptions()),
            TimeProvider.System,
            new AgentOptions(),
            NullLogger<UplinkWriter>.Instance);
        _gaps = new GapReporter(_writer, _spool);
        Assert.True(_writer.TryOpen());
    }

    public void Dispose()
    {
        _writer.Dispose();
        _spool.Dispose();
        _serverHpke.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void Update_BehindAHoleThatTheServersWindowReachesOver_StaysInTheEpoch()
    {
        var epoch = Lose(ReplayWindow.Size / 4);

        Assert.True(_gaps.Update());

        Assert.Equal((epoch.Kid, (ulong)(ReplayWindow.Size / 4) + 1), Reported());
    }

    [Fact]
    public void Update_BehindAHoleWiderThanTheServersWindow_ReportsInANewEpoch()
    {
        Lose(ReplayWindow.Size + 10);

        Assert.True(_gaps.Update());

        var newest = _spool.NewestEpoch!;
        Assert.Equal(2UL, newest.Number);
        Assert.Equal((newest.Id.Kid, 1UL), Reported());
        Assert.Contains(_spool.EpochsToOpen(), epoch => epoch.Id == newest.Id);
    }

    [Fact]
    public void Update_WhenTheReportIsConfirmed_SettlesTheHole()
    {
        var epoch = Lose(50);
        _gaps.Update();
        var gap = Assert.Single(_spool.OutstandingGaps());

        Assert.False(_gaps.Update());
        Assert.Single(_gaps.Frames);
        _spool.Ack(epoch, StreamId.Events, 51);
        _gaps.Update();

        Assert.Empty(_gaps.Frames);
        Assert.Empty(_spool.OutstandingGaps());
        Assert.Equal(GapReason.ServerRestored, gap.Reason);
        Assert.Equal(0, _spool.Counts().UnackedRecords);
    }

    /// <summary>So many events were confirmed and most of them deleted; then the server says that it has none.</summary>
    private EpochId Lose(int events)
    {
        for (var i = 0; i < events; i++)
        {
            Assert.True(_writer.TryAppend(StreamId.Events, RecordType.Event, "x"u8, [], durable: false, out _));
        }

        Assert.True(_spool.Sync());
        var epoch = _spool.NewestEpoch!.Id;
        Assert.True(_spool.Ack(epoch, StreamId.Events, (ulong)events));
        Assert.True(_spool.FallBack(epoch, StreamId.Events, 0));
        Assert.Single(_spool.OutstandingGaps());
        return epoch;
    }

    private (Kid Kid, ulong Seq) Reported()
    {
        Assert.True(Frame.TryRead(Assert.Single(_gaps.Frames), out var frame));
        Assert.Equal(RecordType.Gap, frame.RecordType);
        return (frame.Kid, frame.Seq);
    }

    private sealed class FixedBoot : IBootClock
    {
        public BootId BootId { get; } = BootId.Generate();

        public ulong UptimeMs => 1000;
    }
}
