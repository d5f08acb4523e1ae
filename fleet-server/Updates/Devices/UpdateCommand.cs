using System.Text.Json;
using Messaging.FleetServer.Commands;
using Messaging.Updates.Releases;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>An <c>update</c> of a device, out of the registry's commands.</summary>
/// <param name="Release">What the repository says of the target; null: it says nothing of it.</param>
internal sealed record UpdateCommand(
    string Id, string DeviceId, bool IsOfSet, string Target, long Length, string Sha256, bool IsEncrypted, DateTimeOffset CreatedAt, string CreatedBy, string? SignedBy,
    DateTimeOffset ExpiresAt, CommandState State, string Message, Release? Release)
{
    /// <param name="row">Without the arguments, where it is one of a set.</param>
    /// <param name="argsJson">The arguments as the API shows them.</param>
    /// <param name="signedBy">The principal that has signed it; null: this server.</param>
    /// <param name="releases">Says what the target is.</param>
    /// <returns>Null where somebody signed arguments that are none: a device refuses these.</returns>
    public static UpdateCommand? Of(UpdateCommandRow row, string argsJson, string? signedBy, IReleaseSource releases)
    {
        using var document = JsonDocument.Parse(argsJson);
        var args = document.RootElement;
        if (!args.TryGetProperty("target", out var target))
        {
            return null;
        }

        var (path, sha256) = (target.GetString()!, args.GetProperty("sha256").GetString()!);
        return new UpdateCommand(
            row.Id, row.DeviceId, row.IsOfSet, path, args.GetProperty("length").GetInt64(), sha256, args.GetProperty("encrypted").GetBoolean(), row.CreatedAt,
            row.CreatedBy, signedBy, row.ExpiresAt, row.State, row.Message, releases.Find(path, sha256));
    }
}
