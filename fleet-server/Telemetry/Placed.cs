using Messaging.FleetServer.Events;
using Messaging.Wire;

namespace Messaging.FleetServer.Telemetry;

/// <summary>What one step of placing did.</summary>
/// <param name="Device">Whose rows.</param>
/// <param name="Points">What has a time now.</param>
/// <param name="Rows">How many rows were changed; 0: the boot waits for something.</param>
/// <param name="IsDone">Nothing of the boot is left to be placed.</param>
internal sealed record Placed(PrincipalId Device, IReadOnlyList<StoredSeries> Points, int Rows, bool IsDone);
