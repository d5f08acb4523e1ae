namespace Messaging.Updates.Metadata;

/// <summary>Who signs for a role (TUF 4.3).</summary>
/// <param name="KeyIds">Ids of its keys, none twice. What an id stands for is what the file says that names the role.</param>
/// <param name="Threshold">How many of them must have signed.</param>
public sealed record TufRole(IReadOnlyList<string> KeyIds, long Threshold)
{
    internal static TufRole Read(TufFields fields, TufJson role) => new(
        fields.Texts(role, "keyids", TufLimits.MaxKeys, TufLimits.MaxNameBytes), fields.Number(role, "threshold", 1));
}
