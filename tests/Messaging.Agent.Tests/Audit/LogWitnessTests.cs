using Messaging.Agent.Audit;
using Messaging.Agent.Clock;
using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Hosting;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Trust;
using Messaging.Agent.Uplink;
using Messaging.Audit;
using Messaging.Crypto;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Audit;

public sealed class LogWitnessTests
{
    private const string Path = "state/witness";
    private static readonly ChainId Log = ChainId.Generate();
    private readonly FaultDisk _disk = new();
    private readonly StateFleet _fleet = new();
    private readonly SecurityLog _security = new();
    private readonly RecordedEvents _events = new();
    private readonly FakeTimeProvider _time = new();
    private ulong _seq;

    [Fact]
    public void TryReceive_OfALogThatGrows_KeepsTheNewest()
    {
        var witness = Open();

        Receive(witness, Log, 3, 1);
        Receive(witness, Log, 7, 2);
        Receive(witness, Log, 7, 2);

        Assert.Equal((Log, 7L), (witness.Newest!.LogId, witness.Newest.Number));
        Assert.Empty(_security.Totals);
    }

    [Theory]
    [InlineData(6, 2, "audit-log-behind")]
    [InlineData(7, 3, "audit-log-forked")]
    public void TryReceive_OfLessOrOfSomethingElse_IsRefusedAndReported(long number, byte hash, string reason)
    {
        var witness = Open();
        Receive(witness, Log, 7, 2);

        Receive(witness, Log, number, hash);
        Receive(Open(), Log, number, hash);

        Assert.Equal(new KeyValuePair<string, long>(reason, 2), Assert.Single(_security.Totals));
        Assert.Equal(7, witness.Newest!.Number);
    }

    [Fact]
    public void TryReceive_OfAnotherLog_IsTakenAndTold_AndNotGoneBackFrom()
    {
        var witness = Open();
        var other = ChainId.Generate();
        Receive(witness, Log, 7, 2);

        Receive(witness, other, 1, 1);
        Receive(witness, Log, 9, 3);

        Assert.Equal(other, witness.Newest!.LogId);
        Assert.Equal([other, Log], witness.Witnessed.Select(static one => one.LogId));
        Assert.Equal(AgentEvents.AuditLogChanged, Assert.Single(_events.Names));
        Assert.Equal("audit-log-behind", Assert.Single(_security.Totals).Key);
        Assert.Equal([other, Log], Open().Witnessed.Select(static one => one.LogId));
    }

    [Fact]
    public void Witnessed_AfterItWasSigned_SaysWhatWasSaidBesideTheNewest()
    {
        var witness = Open();
        Receive(witness, Log, 3, 1);
        witness.MarkTold();
        Receive(witness, Log, 5, 2);
        Receive(witness, Log, 7, 3);

        Assert.Equal([7, 3], witness.Witnessed.Select(static one => one.Number));
        witness.MarkTold();
        Receive(witness, Log, 9, 4);
        Assert.Equal([9, 7], witness.Witnessed.Select(static one => one.Number));
        Receive(witness, ChainId.Generate(), 1, 1);
        Assert.Equal([1, 9], witness.Witnessed.Select(static one => one.Number));
    }

    [Fact]
    public void TryReceive_OutOfOrder_IsNoNews()
    {
        var witness = Open();
        Assert.True(witness.TryReceive(_fleet.Checkpoint(7, Log, 2), new AckPosition(_fleet.ServerId, 1, 10)));

        Assert.True(witness.TryReceive(_fleet.Checkpoint(3, Log, 1), new AckPosition(_fleet.ServerId, 1, 9)));

        Assert.Empty(_security.Totals);
        Assert.Equal(7, witness.Newest!.Number);
    }

    [Fact]
    public void TryReceive_ByAStranger_IsCounted()
    {
        using var stranger = IdentityKey.Generate();
        var witness = Open();

        Assert.True(witness.TryReceive(LogCheckpoint.Sign(stranger, _fleet.ServerId, Log, 1, new byte[32], 1).Bytes.Span, Next()));
        Assert.False(witness.TryReceive([0x84], Next()));

        Assert.Null(witness.Newest);
        Assert.Equal("audit-not-signed", Assert.Single(_security.Totals).Key);
    }

    [Fact]
    public void TryReceive_OfMoreWithinAnHour_WritesNothing()
    {
        var witness = Open();
        Receive(witness, Log, 1, 1);
        Receive(witness, Log, 2, 2);
        Assert.Equal(1, Open().Newest!.Number);

        _time.Advance(TimeSpan.FromHours(1));
        Receive(witness, Log, 3, 3);
        Assert.Equal(3, Open().Newest!.Number);

        Receive(witness, Log, 4, 4);
        witness.Save();
        Assert.Equal(4, Open().Newest!.Number);
    }

    [Fact]
    public void Open_OfADamagedFile_SaysSo()
    {
        var witness = Open();
        Receive(witness, Log, 1, 1);
        using (var file = _disk.Open(Path, create: false))
        {
            file.Write(30, [0xff]);
        }

        Assert.True(Open().WasLost);
    }

    private LogWitness Open()
    {
        var fleet = FleetTrustStore.Open(new FaultDisk(), "state/fleet", _fleet.Fingerprint, _fleet.Bundle(1), new TrustedClock(new FixedBootClock()))!;
        return new LogWitness(_disk, Path, fleet, _security, _events, _time);
    }

    private AckPosition Next() => new(_fleet.ServerId, 1, ++_seq);

    private void Receive(LogWitness witness, ChainId log, long number, byte hash) => Assert.True(witness.TryReceive(_fleet.Checkpoint(number, log, hash), Next()));
}
