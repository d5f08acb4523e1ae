namespace Messaging.FleetServer.Updates.Devices;

/// <summary>How many updates are how far.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Overdue">Whose device is silent though its deadline has passed; they are counted with their state as well.</param>
/// <param name="States">By the word of the state; those without one are there with 0.</param>
internal sealed record UpdateTotalsView(int Total, int Overdue, IReadOnlyDictionary<string, int> States);
