namespace Messaging.Updates.Metadata;

/// <summary>Who signs for a role (TUF 4.3).</summary>
public sealed class TufRole
{
    private TufRole(string[] keyIds, long threshold) => (KeyIds, Threshold) = (keyIds, threshold);

    /// <summary>Ids of its keys, none twice. What an id stands for is what the file says that names the role.</summary>
    public IReadOnlyList<string> KeyIds { get; }

    /// <summary>How many of them must have signed.</summary>
    public long Threshold { get; }

    internal static TufRole Read(TufFields fields, TufJson role) => new(
        fields.Texts(role, "keyids", TufLimits.MaxKeys, TufLimits.MaxNameBytes), fields.Number(role, "threshold", 1));
}
