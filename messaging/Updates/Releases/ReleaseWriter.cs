using System.Text;
using Messaging.Updates.Metadata;

namespace Messaging.Updates.Releases;

/// <summary>Writes releases, for whoever publishes them.</summary>
public static class ReleaseWriter
{
    /// <summary>The <c>custom</c> of a delta's target.</summary>
    public static byte[] Delta() => CanonicalJson.Write(Object(("messaging-delta", Object())));

    /// <summary>The <c>custom</c> of a release's target, as canonical JSON.</summary>
    /// <exception cref="TufException">It is none that a device would take.</exception>
    public static byte[] Write(Release release)
    {
        ArgumentNullException.ThrowIfNull(release);
        var members = new List<(string, TufJson)>
        {
            ("kind", Text(release.Kind)), ("name", Text(release.Name)), ("version", Text(release.Version.ToString())), ("counter", Number(release.Counter)),
        };
        Add(members, "hardware", [.. release.Hardware.Select(Text)]);
        Add(members, "requires", [.. release.Requires.Select(one => Object(("name", Text(one.Name)), ("version", Text(one.Version.ToString()))))]);
        Add(members, "deltas", [.. release.Deltas.Select(one => Object(("from", Text(one.From)), ("target", Text(one.Target))))]);
        if (release.ContentSha256 is { } sha256)
        {
            members.Add(("content", Object(("sha256", Text(sha256)), ("length", Number(release.ContentLength)))));
        }

        if (release.IsEncrypted)
        {
            members.Add(("encryption", Text(ReleaseReader.Cipher)));
        }

        if (release.Parameters.Count > 0)
        {
            members.Add(("params", Object([.. release.Parameters.Select(one => (one.Key, Text(one.Value)))])));
        }

        members.Add(("health", Health(release.Health)));
        var custom = CanonicalJson.Write(Object((ReleaseReader.Member, Object([.. members]))));

        // Written as it is read: what a device refuses is not signed.
        _ = ReleaseReader.Read(release.Name, custom);
        return custom;
    }

    private static TufJson Health(HealthChecks health)
    {
        var members = new List<(string, TufJson)> { ("seconds", Number(health.Seconds)), ("deadline", Number(health.DeadlineSeconds)) };
        Add(members, "units", [.. health.Units.Select(Text)]);
        Add(members, "http", [.. health.Http.Select(Text)]);
        Add(members, "tcp", [.. health.Tcp.Select(Text)]);
        Add(members, "scripts", [.. health.Scripts.Select(Text)]);
        return Object([.. members]);
    }

    private static void Add(List<(string, TufJson)> members, string name, TufJson[] items)
    {
        if (items.Length > 0)
        {
            members.Add((name, new TufJson(TufJsonKind.Array) { Items = items }));
        }
    }

    private static TufJson Text(string text) => new(TufJsonKind.Text) { Utf8 = Encoding.UTF8.GetBytes(text) };

    private static TufJson Number(long number) => new(TufJsonKind.Integer) { Number = number };

    private static TufJson Object(params (string Name, TufJson Value)[] members)
    {
        var sorted = members.Select(one => (Name: Encoding.UTF8.GetBytes(one.Name), one.Value)).ToArray();
        Array.Sort(sorted, static (left, right) => left.Name.AsSpan().SequenceCompareTo(right.Name));
        return new TufJson(TufJsonKind.Object) { Names = [.. sorted.Select(one => one.Name)], Items = [.. sorted.Select(one => one.Value)] };
    }
}
