namespace Messaging.FleetServer.Relaying.Activity;

/// <summary>Counters of a part of the relay.</summary>
/// <param name="Total">Since the relay started.</param>
/// <param name="Recent">Of these, during the last <see cref="RelayActivityView.RecentSeconds"/>; what did not happen is left out.</param>
internal sealed record CountersView(IReadOnlyDictionary<string, long> Total, IReadOnlyDictionary<string, long> Recent);
