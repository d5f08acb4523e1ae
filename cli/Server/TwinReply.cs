using System.Text.Json;

namespace Messaging.Cli.Server;

/// <summary>What a device is to be like, and what it says that it is like, as the server answers it.</summary>
/// <param name="DeviceId">32 lower hexadecimal digits.</param>
/// <param name="State">none, pending, converged, converging, drifted or failed.</param>
/// <param name="Desired">What it is to be like; null: nothing is wanted.</param>
/// <param name="Reported">What it said last; null: nothing yet.</param>
/// <param name="Refused">A later one that it did not take.</param>
internal sealed record TwinReply(string? DeviceId, string? State, TwinReply.DesiredReply? Desired, TwinReply.ReportedReply? Reported, TwinReply.RefusedReply? Refused)
{
    /// <param name="Version">Of it.</param>
    /// <param name="Document">As desired-set takes it.</param>
    /// <param name="CommandId">The command that brings it.</param>
    /// <param name="SignedBy">A principal; null: the server.</param>
    /// <param name="CreatedBy">Who handed it in.</param>
    /// <param name="CreatedAt">When.</param>
    /// <param name="CommandState">How far the command is.</param>
    internal sealed record DesiredReply(
        long Version, JsonElement Document, string? CommandId, string? SignedBy, string? CreatedBy, DateTimeOffset CreatedAt, string? CommandState);

    /// <param name="Version">Of the desired state that the device keeps.</param>
    /// <param name="Current">It is the desired one.</param>
    /// <param name="At">When this came.</param>
    /// <param name="DeviceTime">When it was said, by the device's clock.</param>
    /// <param name="Properties">Each of them.</param>
    internal sealed record ReportedReply(long Version, bool Current, DateTimeOffset At, DateTimeOffset? DeviceTime, IReadOnlyList<PropertyReply>? Properties);

    /// <param name="Kind">setting, file, unit or app.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="State">converged, converging, drifted or failed.</param>
    /// <param name="Healed">How often.</param>
    /// <param name="Until">When it is something else at the latest.</param>
    /// <param name="Detail">What it waits for, or why it failed.</param>
    /// <param name="Value">What a program says that it uses.</param>
    internal sealed record PropertyReply(string? Kind, string? Name, string? State, long Healed, DateTimeOffset? Until, string? Detail, JsonElement? Value);

    /// <param name="Version">Of it.</param>
    /// <param name="CommandId">The command that brought it.</param>
    /// <param name="Message">Why.</param>
    internal sealed record RefusedReply(long Version, string? CommandId, string? Message);

    /// <summary>The highest version that anybody used, as far as the server knows.</summary>
    internal long HighestVersion() => Math.Max(Math.Max(Desired?.Version ?? 0, Reported?.Version ?? 0), Refused?.Version ?? 0);
}
