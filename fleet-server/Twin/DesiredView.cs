using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Twin;

/// <summary>What a device is to be like.</summary>
/// <param name="Document">As the arguments of <c>desired-set</c> are written.</param>
/// <param name="CommandId">The command that brings it.</param>
/// <param name="SignedBy">The principal that has signed it; null: this server.</param>
/// <param name="CommandState">How far the command is.</param>
internal sealed record DesiredView(
    long Version, RawJson Document, string CommandId, string? SignedBy, string CreatedBy, DateTimeOffset CreatedAt, string CommandState);
