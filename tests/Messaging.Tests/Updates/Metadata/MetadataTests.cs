using System.Text;
using System.Text.Json.Nodes;
using Messaging.Fuzz.Targets;
using Messaging.Tests.Updates.Repository;
using Messaging.Updates;
using Messaging.Updates.Metadata;

namespace Messaging.Tests.Updates.Metadata;

/// <summary>Metadata is whole or refused: what is not verified needs no signature here.</summary>
public sealed class MetadataTests
{
    private static readonly string[] Optional =
    [
        "signed.consistent_snapshot", "signed.delegations", "signed.meta.snapshot.json.hashes", "signed.meta.snapshot.json.length", "signed.meta.targets.json.hashes",
        "signed.meta.targets.json.length", "signed.delegations.roles.0.terminating", "signed.targets.a/b.custom", "signed.targets.a/b.hashes.sha256",
        "signed.targets.a/b.hashes.sha512", "signed.meta.role.json.hashes", "signed.meta.role.json.length", "signed.meta.role.json",
    ];

    private static readonly Dictionary<string, JsonNode> Files = Make();

    public static TheoryData<string> Roles => ["root", "timestamp", "snapshot", "targets"];

    [Theory]
    [MemberData(nameof(Roles))]
    public void Parse_AMemberTakenAway_IsMalformed(string role)
    {
        var count = 0;
        foreach (var path in Paths(File(role)).Where(static path => !IsOptional(path)))
        {
            var file = File(role);
            Take(file, path);
            AssertMalformed(role, file, path);
            count++;
        }

        Assert.InRange(count, 9, 80);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void Parse_AMemberOfAnotherKind_IsMalformed(string role)
    {
        var others = new Func<JsonNode?>[] { static () => null, static () => JsonValue.Create(1.5), static () => new JsonArray(1), static () => JsonValue.Create(-1) };
        foreach (var path in Paths(File(role)).Where(static path => !IsUnknown(path)))
        {
            foreach (var other in others)
            {
                var file = File(role);
                Put(file, path, other());
                AssertMalformed(role, file, path);
            }
        }
    }

    [Theory]
    [InlineData("root", "signed._type", "\"timestamp\"")]
    [InlineData("root", "signed._type", "\"Root\"")]
    [InlineData("targets", "signed._type", "\"root\"")]
    [InlineData("root", "signed.spec_version", "\"2.0\"")]
    [InlineData("root", "signed.spec_version", "\"1.\"")]
    [InlineData("root", "signed.spec_version", "\"10\"")]
    [InlineData("root", "signed.spec_version", "\"1.0-rc\"")]
    [InlineData("root", "signed.version", "0")]
    [InlineData("root", "signed.expires", "\"2030-01-01\"")]
    [InlineData("root", "signed.consistent_snapshot", "1")]
    [InlineData("root", "signed.roles.root.threshold", "0")]
    [InlineData("root", "signed.roles.root.keyids", "[\"a\",\"a\"]")]
    [InlineData("root", "signed.roles.root.keyids", "[\"\"]")]
    [InlineData("root", "signatures", "[{\"keyid\":\"a\",\"sig\":\"\"},{\"keyid\":\"a\",\"sig\":\"00\"}]")]
    [InlineData("timestamp", "signed.meta", "{\"snapshot.json\":{\"version\":1},\"more.json\":{\"version\":1}}")]
    [InlineData("timestamp", "signed.meta.snapshot.json.version", "0")]
    [InlineData("timestamp", "signed.meta.snapshot.json.length", "0")]
    [InlineData("timestamp", "signed.meta.snapshot.json.hashes", "{}")]
    [InlineData("timestamp", "signed.meta.snapshot.json.hashes", "{\"sha256\":\"00\"}")]
    [InlineData("targets", "signed.targets", "{\"../a\":{\"length\":1,\"hashes\":{\"x\":\"y\"}}}")]
    [InlineData("targets", "signed.targets", "{\"/a\":{\"length\":1,\"hashes\":{\"x\":\"y\"}}}")]
    [InlineData("targets", "signed.targets.a/b.length", "-1")]
    [InlineData("targets", "signed.delegations.roles.0.name", "\"root\"")]
    [InlineData("targets", "signed.delegations.roles.0.name", "\"targets\"")]
    [InlineData("targets", "signed.delegations.roles.0.path_hash_prefixes", "[\"00\"]")]
    public void Parse_AValueThatIsNone_IsMalformed(string role, string path, string value)
    {
        var file = File(role);
        Put(file, Split(path), JsonNode.Parse(value));
        AssertMalformed(role, file, [path, value]);
    }

    [Fact]
    public void Parse_MoreThanTheLimits_IsMalformed()
    {
        AssertLimit("root", "signed.keys", TufLimits.MaxKeys, static () => TestKey.Json("a", "b", "c"));
        AssertLimit("root", "signed.roles.root.keyids", TufLimits.MaxKeys, null);
        AssertLimit("snapshot", "signed.meta", TufLimits.MaxMetaFiles, static () => new JsonObject { ["version"] = 1 });
        AssertLimit("targets", "signed.targets", TufLimits.MaxTargets, static () => new JsonObject { ["length"] = 1, ["hashes"] = new JsonObject { ["x"] = "y" } });
        AssertLimit("targets", "signed.delegations.roles.0.paths", TufLimits.MaxPaths, null);
    }

    [Fact]
    public void Parse_RoleNamedTwice_IsMalformed()
    {
        var file = File("targets");
        var roles = file["signed"]!["delegations"]!["roles"]!.AsArray();
        roles.Add(roles[0]!.DeepClone());

        AssertMalformed("targets", file, ["roles"]);
    }

    [Fact]
    public void Find_ATarget_GivesWhatIsSaidOfIt()
    {
        var target = TargetsMetadata.Parse(Encoding.UTF8.GetBytes(File("targets").ToJsonString())).Find("a/b");

        Assert.NotNull(target);
        Assert.Equal(5, target.Length);
        Assert.Equal("{\"slot\":\"a\"}", Encoding.UTF8.GetString(target.Custom.Span));
        Assert.Equal("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", target.Hashes.Prefix);
    }

    [Fact]
    public void Parse_SeedsOfTheFuzzer_AreMetadata() => Assert.All(TufMetadataTarget.Seeds(), static seed => TufMetadataTarget.Parse(seed));

    private static JsonObject File(string role) => Files[role].DeepClone().AsObject();

    private static Dictionary<string, JsonNode> Make()
    {
        var repository = new TestRepository();
        repository.AddTarget("targets", "a/b", "hello"u8.ToArray());
        repository.Delegate("targets", "role", ["a/*"]);
        foreach (var signed in repository.Signed.Values)
        {
            signed["x-unknown"] = new JsonObject { ["y"] = "z" };
        }

        repository.Publish();
        return repository.Signed.Keys.ToDictionary(
            static role => role, role => JsonNode.Parse(repository.Metadata[repository.FileOf(role)])!, StringComparer.Ordinal);
    }

    private static void Parse(string role, JsonObject file)
    {
        var bytes = Encoding.UTF8.GetBytes(file.ToJsonString());
        _ = role switch
        {
            "root" => (TufMetadata)RootMetadata.Parse(bytes),
            "timestamp" => TimestampMetadata.Parse(bytes),
            "snapshot" => SnapshotMetadata.Parse(bytes),
            _ => TargetsMetadata.Parse(bytes),
        };
    }

    private static void AssertMalformed(string role, JsonObject file, string[] place)
    {
        Parse(role, File(role));
        var thrown = Record.Exception(() => Parse(role, file));
        Assert.True(thrown is TufException { Failure: TufFailure.Malformed }, $"{string.Join(' ', place)}: {thrown?.Message ?? "accepted"}");
    }

    private static void AssertLimit(string role, string path, int limit, Func<JsonNode>? value)
    {
        var file = File(role);
        Fill(file, path, limit, value);
        Parse(role, file);
        Fill(file, path, limit + 1, value);
        AssertMalformed(role, file, [path]);
    }

    private static void Fill(JsonObject file, string path, int count, Func<JsonNode>? value)
    {
        var node = Split(path).Aggregate((JsonNode)file, static (at, part) => Step(at, part)!);
        for (var i = node is JsonObject all ? all.Count : node.AsArray().Count; i < count; i++)
        {
            if (value is null)
            {
                node.AsArray().Add($"item {i}");
            }
            else
            {
                node[$"item {i}"] = value();
            }
        }
    }

    // Names of files have a dot themselves.
    private static string[] Split(string path) => path.Replace(".json", "|json", StringComparison.Ordinal).Split('.').Select(static part => part.Replace('|', '.')).ToArray();

    private static bool IsOptional(string[] path) =>
        Optional.Contains(string.Join('.', path)) || IsUnknown(path)
        || (path.Length == 3 && path[1] == "keys") || (path.Length == 4 && path[2] == "keys") || path is ["signed", "targets", _]
        || path[^1].All(char.IsAsciiDigit);

    private static bool IsUnknown(string[] path) => path[^1] == "slot" || path.Any(static part => part.StartsWith("x-", StringComparison.Ordinal));

    private static IEnumerable<string[]> Paths(JsonNode? node) => node switch
    {
        JsonObject all => all.SelectMany(static member => Paths(member.Value).Prepend([]).Select(rest => (string[])[member.Key, .. rest])),
        JsonArray all => all.SelectMany(static (item, i) => Paths(item).Prepend([]).Select(rest => (string[])[i.ToString(), .. rest])),
        _ => [],
    };

    private static JsonNode? Step(JsonNode at, string part) => at is JsonArray ? at[int.Parse(part)] : at[part];

    private static JsonNode Parent(JsonObject file, string[] path) => path[..^1].Aggregate((JsonNode)file, static (at, part) => Step(at, part)!);

    private static void Take(JsonObject file, string[] path) => Parent(file, path).AsObject().Remove(path[^1]);

    private static void Put(JsonObject file, string[] path, JsonNode? value)
    {
        var parent = Parent(file, path);
        if (parent is JsonArray items)
        {
            items[int.Parse(path[^1])] = value;
        }
        else
        {
            parent[path[^1]] = value;
        }
    }
}
