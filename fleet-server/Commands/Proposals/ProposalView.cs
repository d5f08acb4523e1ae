using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Commands;

/// <summary>A command that several must sign as the API shows it. Who signs looks at the order itself, not at these words.</summary>
/// <param name="State">open, sent, withdrawn or expired.</param>
/// <param name="DeviceId">The device; null: a set of devices.</param>
/// <param name="Size">How many devices it addresses.</param>
/// <param name="IssuerId">The principal that proposes it.</param>
/// <param name="Signers">The principals that have signed it.</param>
/// <param name="Needed">How many must.</param>
internal sealed record ProposalView(
    string Id,
    string State,
    string Type,
    RawJson Args,
    bool DryRun,
    string? DeviceId,
    int Size,
    string IssuerId,
    IReadOnlyList<string> Signers,
    int Needed,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset ExpiresAt);
