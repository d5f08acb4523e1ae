using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Messaging.Tests.Updates.Repository;

/// <summary>
/// A repository whose metadata tests change at will: the members of <see cref="Signed"/> are what is signed the next time that
/// <see cref="Publish"/> is called, by <see cref="Signers"/>.
/// </summary>
internal sealed class TestRepository
{
    public static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Without escapes, whose digits mean the same in either case.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public TestRepository(bool consistent = true, bool hashes = true)
    {
        Hashes = hashes;
        var root = Add("root", new JsonObject { ["consistent_snapshot"] = consistent, ["keys"] = new JsonObject(), ["roles"] = new JsonObject() });
        Add("targets", new JsonObject { ["targets"] = new JsonObject() });
        Add("snapshot", new JsonObject { ["meta"] = new JsonObject() });
        Add("timestamp", new JsonObject { ["meta"] = new JsonObject() });
        foreach (var role in new[] { "root", "targets", "snapshot", "timestamp" })
        {
            root["roles"]![role] = new JsonObject { ["keyids"] = new JsonArray(), ["threshold"] = 1 };
            AddKey(role);
        }
    }

    /// <summary>Whether a listed file has its length and hash.</summary>
    public bool Hashes { get; set; }

    public Dictionary<string, JsonObject> Signed { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, List<TestKey>> Signers { get; } = new(StringComparer.Ordinal);

    /// <summary>By their names in URLs.</summary>
    public Dictionary<string, byte[]> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>By their names in URLs.</summary>
    public Dictionary<string, byte[]> Targets { get; } = new(StringComparer.Ordinal);

    public JsonObject Root => Signed["root"];

    public JsonObject Timestamp => Signed["timestamp"];

    public JsonObject Snapshot => Signed["snapshot"];

    public bool IsConsistent => Root["consistent_snapshot"]!.GetValue<bool>();

    /// <summary>Another key of a top-level role, that signs from now on.</summary>
    public TestKey AddKey(string role, TestKey? key = null)
    {
        key ??= new TestKey();
        Root["keys"]![key.Id] = key.ToJson();
        Root["roles"]![role]!["keyids"]!.AsArray().Add(key.Id);
        Signers[role].Add(key);
        return key;
    }

    /// <summary>Another key instead of those before.</summary>
    public void Rotate(string role)
    {
        Root["roles"]![role]!["keyids"]!.AsArray().Clear();
        Signers[role].Clear();
        AddKey(role);
    }

    public void SetThreshold(string role, int threshold) => Root["roles"]![role]!["threshold"] = threshold;

    /// <summary>A role that signs with a key of its own.</summary>
    public JsonObject Delegate(string delegator, string name, string[] paths, bool terminating = false, string member = "paths")
    {
        if (!Signed.ContainsKey(name))
        {
            Add(name, new JsonObject { ["targets"] = new JsonObject() }, "targets");
            Signers[name].Add(new TestKey());
        }

        var from = Signed[delegator];
        from["delegations"] ??= new JsonObject { ["keys"] = new JsonObject(), ["roles"] = new JsonArray() };
        var key = Signers[name][0];
        from["delegations"]!["keys"]![key.Id] = key.ToJson();
        var role = new JsonObject
        {
            ["name"] = name,
            ["keyids"] = new JsonArray(key.Id),
            ["threshold"] = 1,
            ["terminating"] = terminating,
            [member] = new JsonArray([.. paths.Select(static path => (JsonNode)path)]),
        };
        from["delegations"]!["roles"]!.AsArray().Add(role);
        return role;
    }

    public void AddTarget(string role, string path, byte[] content)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        var sha512 = Convert.ToHexStringLower(SHA512.HashData(content));
        Signed[role]["targets"]![path] = new JsonObject
        {
            ["length"] = content.Length,
            ["hashes"] = new JsonObject { ["sha256"] = sha256, ["sha512"] = sha512 },
            ["custom"] = new JsonObject { ["slot"] = "a" },
        };
        var slash = path.LastIndexOf('/') + 1;
        Targets[IsConsistent ? $"{path[..slash]}{sha256}.{path[slash..]}" : path] = content;
    }

    public void Expire(string role) => Signed[role]["expires"] = "2026-11-29T12:00:00Z";

    public void Bump(string role) => Signed[role]["version"] = Version(role) + 1;

    /// <summary>Signs everything, and has the snapshot and the timestamp list it.</summary>
    public void Publish()
    {
        Sign("root");
        foreach (var role in Signed.Keys.Where(static one => one is not ("root" or "snapshot" or "timestamp")))
        {
            Snapshot["meta"]![role + ".json"] = Listed(role, Sign(role));
        }

        Timestamp["meta"]!["snapshot.json"] = Listed("snapshot", Sign("snapshot"));
        Sign("timestamp");
    }

    /// <summary>All but the root in a next version.</summary>
    public void PublishNext()
    {
        foreach (var role in Signed.Keys.Where(static one => one != "root"))
        {
            Bump(role);
        }

        Publish();
    }

    /// <summary>Signs one file and puts it where it belongs.</summary>
    public byte[] Sign(string role)
    {
        var signed = Signed[role];
        var data = TestCanonical.Write(signed);
        var signatures = new JsonArray([.. Signers[role].Select(key => (JsonNode)new JsonObject { ["keyid"] = key.Id, ["sig"] = key.Sign(data) })]);
        var bytes = Encoding.UTF8.GetBytes(new JsonObject { ["signatures"] = signatures, ["signed"] = signed.DeepClone() }.ToJsonString(Plain));
        Metadata[FileOf(role)] = bytes;
        return bytes;
    }

    /// <summary>Where a file stands on the repository.</summary>
    public string FileOf(string role) =>
        (role == "root" || (IsConsistent && role != "timestamp") ? $"{Version(role)}." : "") + Uri.EscapeDataString(role) + ".json";

    public int Version(string role) => int.Parse(Signed[role]["version"]!.ToJsonString());

    private JsonObject Add(string role, JsonObject rest, string? type = null)
    {
        rest["_type"] = type ?? role;
        rest["spec_version"] = "1.0.31";
        rest["version"] = 1;
        rest["expires"] = "2026-12-29T12:00:00Z";
        Signed[role] = rest;
        Signers[role] = [];
        return rest;
    }

    private JsonObject Listed(string role, byte[] file)
    {
        var listed = new JsonObject { ["version"] = Version(role) };
        if (Hashes)
        {
            listed["length"] = file.Length;
            listed["hashes"] = new JsonObject { ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(file)) };
        }

        return listed;
    }
}
