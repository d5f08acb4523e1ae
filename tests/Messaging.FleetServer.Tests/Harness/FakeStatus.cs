using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Trust;
using Messaging.Trust;

namespace Messaging.FleetServer.Tests.Harness;

/// <summary>A relay, an ingest and keys that stand still.</summary>
internal sealed class FakeStatus : IRelayStatus, IIngestStatus, ITrustService
{
    RelaySnapshot IRelayStatus.Current { get; } = new(
        RelayLinkState.Ready,
        "embedded",
        DateTimeOffset.UnixEpoch,
        null,
        3,
        3,
        1,
        new Dictionary<string, long>(StringComparer.Ordinal) { ["refused.auth"] = 2 },
        DateTimeOffset.UnixEpoch);

    IngestSnapshot IIngestStatus.Current { get; } = new(10, 100, 5, 2, 1, 0, 0, null);

    public string FleetFingerprint => new('a', 64);

    public string ControlFingerprint => new('b', 64);

    public string ServerId => new('c', 32);

    public ulong RootVersion => 2;

    public ulong RosterVersion => 7;

    public ulong NoticeNumber => 9;

    public FleetTrust Trust => throw new NotSupportedException("Nobody is trusted here.");

    public bool IsNamed => true;

    public bool HoldsRoot => true;

    ReadOnlyMemory<byte> ITrustService.Current => default;

    public Task<TrustVerdict> TakeAsync(TrustChange change, CancellationToken cancellationToken) => Task.FromResult(TrustVerdict.Known);

    public Task PublishAsync(NoticeAddresses addresses, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RotateAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
