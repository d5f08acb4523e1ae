using Messaging.Crypto;
using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Pauses;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Wire;

namespace Messaging.FleetServer.Tests.Ingest;

public sealed class IngestQueueTests
{
    [Fact]
    public async Task WaitAsync_WhoseTimerFiresTooLate_EndsWithWhatArrived()
    {
        var time = new LateTimers();
        using var queue = new IngestQueue(new IngestOptions(), new RejectionCounter(time), new PauseBook(time));

        var waiting = queue.WaitAsync(TimeSpan.FromMinutes(1), time, TestContext.Current.CancellationToken);
        queue.Receive(Message());

        Assert.True(await waiting);
        Assert.Equal(1, time.Count);

        // An exception here would be one in the runtime's timer, which ends the process.
        time.Fire();
    }

    [Fact]
    public async Task WaitAsync_WithNothingInTime_IsFalse()
    {
        var time = new LateTimers();
        using var queue = new IngestQueue(new IngestOptions(), new RejectionCounter(time), new PauseBook(time));

        var waiting = queue.WaitAsync(TimeSpan.FromMinutes(1), time, TestContext.Current.CancellationToken);
        time.Fire();

        Assert.False(await waiting);
    }

    private static UplinkMessage Message()
    {
        using var identity = IdentityKey.Generate();
        return new UplinkMessage(PrincipalId.FromIdentityKey(identity.Public), [1], DateTimeOffset.UnixEpoch, static () => Task.CompletedTask);
    }
}
