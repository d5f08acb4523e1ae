using Messaging.FleetServer.Access;
using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Audit.Findings;
using Messaging.FleetServer.Downlinks;
using Messaging.FleetServer.Events;
using Messaging.FleetServer.Live;
using Messaging.FleetServer.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.FleetServer.Tests.Live;

public sealed class WatchNotifierTests
{
    [Fact]
    public async Task Join_ForADevice_TellsItAndNoOther()
    {
        await using var fleet = await Fleet.StartAsync();
        var seen = await fleet.EnrolAsync();
        var other = await fleet.EnrolAsync();
        var hub = new LiveHub(fleet.Control.Get<IFleetEvents>(), new NoAudit(), fleet.Control.Get<FindingBook>(), new AccessChanges());
        using var notifier = new WatchNotifier(hub, fleet.Control.Get<IDownlink>(), TimeProvider.System, NullLogger<WatchNotifier>.Instance);
        await notifier.StartAsync(TestContext.Current.CancellationToken);

        Assert.NotNull(hub.Join("operator", LiveTopics.TryParse($"devices,device:{seen.Name},device:nonsense")!));
        await Until.True(() => !seen.Watches.IsEmpty, "the device is told that somebody looks at it");

        Assert.Empty(other.Watches);
        Assert.True(seen.Watches.First().Duration > TimeSpan.FromSeconds(20));
        await notifier.StopAsync(TestContext.Current.CancellationToken);
    }

    private sealed class NoAudit : IAuditLog
    {
        public Task AppendAsync(AuditRecord record, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<IReadOnlyList<AuditEntry>> ListAsync(AuditFilter filter, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AuditEntry>>([]);

        public IDisposable Subscribe(Action<AuditEntry> handler) => new CancellationTokenSource();
    }
}
