namespace Messaging.Bench.Fleet;

/// <summary>How large the simulated fleet is.</summary>
/// <param name="Devices">How many devices there are.</param>
/// <param name="Records">Records that each device sends.</param>
/// <param name="Points">Points in each record.</param>
internal sealed record FleetOptions(int Devices, int Records, int Points);
