using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Commands;

/// <summary>A command as the API shows it.</summary>
/// <param name="Progress">0 to 1; null when the device says nothing of it.</param>
/// <param name="SetId">The command to many devices that it is a part of; null: it is for this device alone.</param>
/// <param name="DryRun">The device only says whether it would run it.</param>
/// <param name="SignedBy">The principal of the roster that has signed it; null: this server.</param>
/// <param name="WaitingFor">What it waits for, for people; null when it waits for nothing.</param>
/// <param name="LatencyMs">From creation to the end.</param>
internal sealed record CommandView(
    string Id,
    string DeviceId,
    string Type,
    string? SetId,
    bool DryRun,
    RawJson Args,
    string State,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    string? SignedBy,
    DateTimeOffset? SentAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset ExpiresAt,
    double? Progress,
    int? ExitCode,
    string Message,
    string Output,
    bool OutputTruncated,
    string? WaitingFor,
    long? LatencyMs)
{
    public static CommandView Of(CommandSnapshot command) => new(
        command.Id,
        command.DeviceId,
        command.Type,
        command.IsOfSet ? command.Id : null,
        command.DryRun,
        new RawJson(command.ArgsJson),
        command.State.Word(),
        command.CreatedAt,
        command.CreatedBy,
        command.SignedBy,
        command.SentAt,
        command.FinishedAt,
        command.ExpiresAt,
        command.Progress,
        command.ExitCode,
        command.Message,
        command.Output,
        command.OutputTruncated,
        command.WaitingFor,
        command.Latency is { } latency ? (long)latency.TotalMilliseconds : null);
}
