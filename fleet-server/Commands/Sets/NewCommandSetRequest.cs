using System.Text.Json;

namespace Messaging.FleetServer.Commands;

/// <param name="Devices">Ids of devices. Either these or <paramref name="All"/>.</param>
/// <param name="All">Every active device.</param>
/// <param name="Type">What to do.</param>
/// <param name="Args">An object; what is in it depends on the type.</param>
/// <param name="ExpiresIn">Seconds; null takes the default of the type.</param>
/// <param name="DryRun">Devices only say whether they would run it.</param>
internal sealed record NewCommandSetRequest(
    IReadOnlyList<string>? Devices = null, bool All = false, string? Type = null, JsonElement? Args = null, long? ExpiresIn = null, bool DryRun = false);
