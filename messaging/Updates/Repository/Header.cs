using System.Globalization;
using Messaging.Updates.Metadata;

namespace Messaging.Updates.Repository;

/// <summary>What all kinds of metadata begin with (TUF 4.3 to 4.6).</summary>
internal static class Header
{
    /// <summary>The newest version of the specification that files are made by.</summary>
    private const string SpecVersion = "1.0.31";

    public static IEnumerable<(string Name, TufJson Value)> Of(string type, long version, DateTimeOffset expires) =>
    [
        ("_type", JsonTree.Text(type)),
        ("spec_version", JsonTree.Text(SpecVersion)),
        ("version", JsonTree.Number(version)),
        ("expires", JsonTree.Text(expires.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))),
    ];
}
