namespace Messaging.Cli.Server;

/// <summary>A command that several must sign as the server answers it. Who signs looks at the order itself.</summary>
internal sealed record ProposalReply(
    string? Id, string? State, string? Type, string? DeviceId, int Size, string? IssuerId, IReadOnlyList<string>? Signers, int Needed, string? CreatedBy, DateTimeOffset ExpiresAt);
