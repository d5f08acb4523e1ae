using Messaging.FleetServer.Commands;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>What is read of a command.</summary>
internal sealed record UpdateCommandRow(
    string Id, string DeviceId, bool IsOfSet, string ArgsJson, string? IssuerId, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ExpiresAt, CommandState State, string Message);
