using System.Globalization;

namespace Messaging.FleetServer.Updates.Metadata;

/// <summary>The files of a repository with consistent snapshots, which has no roles besides the four.</summary>
internal static class MetadataNames
{
    public const string Root = "root";
    public const string Targets = "targets";
    public const string Snapshot = "snapshot";
    public const string Timestamp = "timestamp";
    public const string TimestampFile = Timestamp + Extension;

    private const string Extension = ".json";
    private const string DraftPrefix = "draft.";

    /// <summary><c>3.snapshot.json</c></summary>
    public static string File(string role, long version) => string.Create(CultureInfo.InvariantCulture, $"{version}.{role}{Extension}");

    /// <summary>Not a name that is ever served.</summary>
    public static string Draft(string role) => DraftPrefix + role;

    /// <summary>The version of a role's file; null for other names.</summary>
    public static long? VersionOf(string name, string role)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && name[dot..] == $".{role}{Extension}" && long.TryParse(name.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && File(role, version) == name
            ? version
            : null;
    }
}
