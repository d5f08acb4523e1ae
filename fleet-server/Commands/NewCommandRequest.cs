using System.Text.Json;

namespace Messaging.FleetServer.Commands;

/// <param name="Type">One of <see cref="Messaging.Commands.CommandTypes"/>.</param>
/// <param name="Args">An object; what is in it depends on the type.</param>
/// <param name="ExpiresIn">Seconds; null takes the default of the type.</param>
/// <param name="DryRun">The device only says whether it would run it.</param>
internal sealed record NewCommandRequest(string? Type = null, JsonElement? Args = null, long? ExpiresIn = null, bool DryRun = false);
