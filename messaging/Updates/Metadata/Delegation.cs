using System.Security.Cryptography;
using System.Text;

namespace Messaging.Updates.Metadata;

/// <summary>A role that speaks for a part of the targets of the one that names it (DELEGATIONS, TUF 4.5).</summary>
public sealed class Delegation
{
    private const int MaxPrefixBytes = 2 * SHA256.HashSizeInBytes;

    private Delegation(string name, TufRole role, bool terminating, string[]? paths, string[]? pathHashPrefixes) =>
        (Name, Role, Terminating, Paths, PathHashPrefixes) = (name, role, terminating, paths, pathHashPrefixes);

    /// <summary>The role's name.</summary>
    public string Name { get; }

    /// <summary>Who signs for it.</summary>
    public TufRole Role { get; }

    /// <summary>Nothing after it, or after those that led to it, is asked about its targets.</summary>
    public bool Terminating { get; }

    /// <summary>Patterns of its targets' paths, or null.</summary>
    public IReadOnlyList<string>? Paths { get; }

    /// <summary>Beginnings of the SHA-256 of its targets' paths in hexadecimal digits, or null.</summary>
    public IReadOnlyList<string>? PathHashPrefixes { get; }

    /// <summary>Whether it may speak for the target.</summary>
    public bool Covers(string path)
    {
        for (var i = 0; i < Paths?.Count; i++)
        {
            if (PathPattern.Matches(Paths[i], path))
            {
                return true;
            }
        }

        var hash = PathHashPrefixes is null ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)));
        for (var i = 0; i < PathHashPrefixes?.Count; i++)
        {
            if (hash.StartsWith(PathHashPrefixes[i], StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    internal static Delegation Read(TufFields fields, TufJson role)
    {
        var name = fields.Text(role, "name", TufLimits.MaxNameBytes);
        if (TufNames.IsTopLevel(name) || TufNames.Escape(name).Length > TufLimits.MaxNameBytes)
        {
            throw fields.Malformed("a delegated role has the name of a top-level role, or a longer one than a file can have");
        }

        var paths = fields.Optional(role, "paths", TufJsonKind.Array) is null
            ? null : fields.Texts(role, "paths", TufLimits.MaxPaths, TufLimits.MaxPathBytes);
        var prefixes = fields.Optional(role, "path_hash_prefixes", TufJsonKind.Array) is null
            ? null : fields.Texts(role, "path_hash_prefixes", TufLimits.MaxPaths, MaxPrefixBytes);
        return paths is null == prefixes is null
            ? throw fields.Malformed("a delegated role has either paths or path_hash_prefixes")
            : new Delegation(name, TufRole.Read(fields, role), fields.Flag(role, "terminating"), paths, prefixes);
    }
}
