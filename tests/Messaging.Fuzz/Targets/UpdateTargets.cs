using System.Security.Cryptography;
using System.Text;
using Messaging.Updates;
using Messaging.Updates.Keys;
using Messaging.Updates.Metadata;

namespace Messaging.Fuzz.Targets;

internal sealed class TufMetadataTarget : IFuzzTarget
{
    private const string Start = """{"signatures":[{"keyid":"k","sig":"00ff"}],"signed":{"spec_version":"1.0.31","version":3,"expires":"2030-01-31T12:00:00Z" """;
    private const string Keys = """{"k":{"keytype":"ecdsa","scheme":"ecdsa-sha2-nistp256","keyval":{"public":"PEM"}}}""";
    private const string Role = """{"keyids":["k"],"threshold":1}""";

    public static string Name => "tuf-metadata";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        try
        {
            // Accepted, what it says is canonical JSON: that is read as the same again, where it is JSON at all.
            var canonical = Parse(data).Envelope.Canonical;
            if (canonical.AsSpan().IndexOfAnyInRange((byte)0, (byte)0x1f) < 0)
            {
                Promise.SameBytes(canonical, CanonicalJson.Write(TufJsonParser.Parse(canonical, "again")));
            }
        }
        catch (TufException e)
        {
            Promise.Holds(e.Failure == TufFailure.Malformed, "What is no metadata is malformed.");
        }
    }

    public static IEnumerable<byte[]> Seeds() => new[]
    {
        """@START,"_type":"root","consistent_snapshot":true,"keys":@KEYS,"roles":{"root":@ROLE,"timestamp":@ROLE,"snapshot":@ROLE,"targets":@ROLE}}}""",
        """@START,"_type":"timestamp","meta":{"snapshot.json":{"version":1,"length":9,"hashes":{"sha256":"@HASH"}}}}}""",
        """@START,"_type":"snapshot","meta":{"targets.json":{"version":1},"a.json":{"version":2}}}}""",
        """
        @START,"_type":"targets","targets":{"a/b":{"length":1,"hashes":{"x":"y"},"custom":{"\u0041":[null,true,-5]}}},"delegations":{"keys":@KEYS,
        "roles":[{"name":"a","keyids":["k"],"threshold":1,"terminating":false,"paths":["a/*"]}]}}}
        """,
    }.Select(static seed => Encoding.UTF8.GetBytes(seed
        .Replace("@START", Start, StringComparison.Ordinal)
        .Replace("@KEYS", Keys, StringComparison.Ordinal)
        .Replace("@ROLE", Role, StringComparison.Ordinal)
        .Replace("@HASH", new string('0', 64), StringComparison.Ordinal)));

    /// <summary>As what it says that it is: one at a time, so that what is found is found in each.</summary>
    public static TufMetadata Parse(ReadOnlySpan<byte> data) =>
        data.IndexOf("\"timestamp\",\"meta\""u8) >= 0 ? TimestampMetadata.Parse(data)
        : data.IndexOf("\"snapshot\",\"meta\""u8) >= 0 ? SnapshotMetadata.Parse(data)
        : data.IndexOf("\"targets\",\"targets\""u8) >= 0 ? TargetsMetadata.Parse(data)
        : RootMetadata.Parse(data);
}

internal sealed class TufSignatureTarget : IFuzzTarget
{
    private static readonly byte[] Key = Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    private static readonly ITufScheme[] Schemes = [new P256Scheme(), new Ed25519Scheme(), new RsaPssScheme()];

    public static string Name => "tuf-signature";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        Span<byte> plain = stackalloc byte[64];
        if (EcdsaDer.TryToFixed(data, plain))
        {
            Promise.SameBytes(data, Der(plain));
        }

        foreach (var scheme in Schemes)
        {
            if (scheme.Import(Encoding.UTF8.GetString(data)) is { } key)
            {
                Promise.Holds(!scheme.Verify(key, "data"u8, data), "A key is no signature.");
            }
        }

        // The one signature of this key that is known here is that of nothing.
        Promise.Holds(!new Ed25519Scheme().Verify(Key, "data"u8, data), "Nobody has signed this.");
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        Der(Enumerable.Range(0x70, 64).Select(static one => (byte)one).ToArray()),
        Convert.FromHexString(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        Encoding.UTF8.GetBytes(Convert.ToHexStringLower(Key)),
        Encoding.UTF8.GetBytes(PemEncoding.WriteString(
            "PUBLIC KEY", [.. Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d030107034200"), .. Samples.Server.Public.Point])),
    ];

    private static byte[] Der(ReadOnlySpan<byte> signature)
    {
        byte[] both = [.. Integer(signature[..32]), .. Integer(signature[32..])];
        return [0x30, (byte)both.Length, .. both];
    }

    private static byte[] Integer(ReadOnlySpan<byte> number)
    {
        var least = number[..^1].IndexOfAnyExcept((byte)0) is var at and >= 0 ? number[at..] : number[^1..];
        byte[] bytes = least[0] >= 0x80 ? [0, .. least] : least.ToArray();
        return [0x02, (byte)bytes.Length, .. bytes];
    }
}

internal sealed class TufPathTarget : IFuzzTarget
{
    public static string Name => "tuf-path";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var text = Encoding.UTF8.GetString(data);
        var half = text.Length / 2;
        string pattern = text[..half], path = text[half..];
        if (PathPattern.Matches(pattern, path))
        {
            Promise.Holds(pattern.Count(static one => one == '/') == path.Count(static one => one == '/'), "No wildcard stands for a separator.");
        }

        if (TufNames.IsTarget(path))
        {
            var folder = Path.GetFullPath("/targets/");
            Promise.Holds(Path.GetFullPath(Path.Combine(folder, path)).StartsWith(folder, StringComparison.Ordinal), "A target stays below its folder.");
            Promise.Holds(Uri.UnescapeDataString(TufNames.Target(path, prefix: null)) == path, "A URL stands for one path.");
        }

        if (TufTime.TryParse(path, out var time))
        {
            Promise.Holds(time.ToString("yyyy-MM-ddTHH:mm:ssZ") == path, "A time has one form.");
        }

        Promise.Holds(TufNames.Escape(text).IndexOfAny(['/', '\\', '?', '#', '\0']) < 0, "A name is one segment.");
    }

    public static IEnumerable<byte[]> Seeds() => new[] { "a/*.?ga/b.tg", "*/**/a/a/b/b", "2030-01-31T12:00:00Z2030-01-31T12:00:00Z", "..//a/../../a" }.Select(Encoding.UTF8.GetBytes);
}
