using System.Text;

namespace Messaging.Updates.Metadata;

/// <summary>The names of roles, their files and targets, as they stand in URLs.</summary>
public static class TufNames
{
    /// <summary>The role whose keys sign the keys of all roles.</summary>
    public const string Root = "root";

    /// <summary>The role that says which snapshot is the newest.</summary>
    public const string Timestamp = "timestamp";

    /// <summary>The role that says which versions belong together.</summary>
    public const string Snapshot = "snapshot";

    /// <summary>The role that names targets.</summary>
    public const string Targets = "targets";

    /// <summary>How the names of metadata files end.</summary>
    public const string Extension = ".json";

    /// <summary>What a timestamp lists.</summary>
    public const string SnapshotFile = Snapshot + Extension;

    /// <summary>Whether it is one of the four.</summary>
    public static bool IsTopLevel(string role) => role is Root or Timestamp or Snapshot or Targets;

    /// <summary>A name as one segment of a URL, which is a harmless name of a file too: all but letters, digits and <c>-._~</c> is escaped.</summary>
    public static string Escape(string name) => Uri.EscapeDataString(name);

    /// <summary>The file of a role on the repository, such as <c>3.snapshot.json</c>.</summary>
    public static string File(string role, long? version) => (version is { } number ? $"{number}." : "") + Escape(role) + Extension;

    /// <summary>The file of a target on the repository, such as <c>folder/HASH.name</c>.</summary>
    public static string Target(string path, string? prefix)
    {
        var name = path.LastIndexOf('/') + 1;
        var url = new StringBuilder();
        foreach (var folder in path[..name].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            url.Append(Escape(folder)).Append('/');
        }

        return url.Append(prefix is null ? "" : prefix + ".").Append(Escape(path[name..])).ToString();
    }

    /// <summary>Whether a path stays below the folder of targets, wherever it is put: relative, of parts that are neither empty nor <c>.</c> nor <c>..</c>.</summary>
    public static bool IsTarget(string path)
    {
        if (path.Length == 0 || Encoding.UTF8.GetByteCount(path) > TufLimits.MaxPathBytes)
        {
            return false;
        }

        foreach (var one in path)
        {
            if (char.IsControl(one) || one == '\\')
            {
                return false;
            }
        }

        foreach (var part in path.Split('/'))
        {
            if (part is "" or "." or "..")
            {
                return false;
            }
        }

        return true;
    }
}
