using System.Globalization;

namespace Messaging.Agent.Local;

/// <summary>The system's users and groups by their names (passwd(5), group(5)).</summary>
internal static class AccountIds
{
    /// <summary>Null when there is no such user.</summary>
    public static uint? OfUser(string name) => Find("/etc/passwd", name);

    /// <summary>Null when there is no such group.</summary>
    public static uint? OfGroup(string name) => Find("/etc/group", name);

    private static uint? Find(string file, string name) =>
        File.ReadLines(file).Select(static line => line.Split(':')).FirstOrDefault(parts => parts.Length > 2 && parts[0] == name) is { } entry
        && uint.TryParse(entry[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
}
