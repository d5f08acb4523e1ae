using System.Text.Json;

namespace Messaging.FleetServer.Commands;

/// <summary>A command to many devices that this server signs.</summary>
/// <param name="Devices">Their ids; null: all active devices.</param>
/// <param name="CreatedBy">The name that the audit and the command show.</param>
internal sealed record CommandSetRequest(
    IReadOnlyList<string>? Devices, string Type, JsonElement? Args, TimeSpan? ExpiresIn, bool DryRun, string CreatedBy);
