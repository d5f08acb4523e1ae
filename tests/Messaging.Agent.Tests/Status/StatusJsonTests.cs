using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Messaging.Agent.Configuration;
using Messaging.Agent.Status;

namespace Messaging.Agent.Tests.Status;

/// <summary>What is written and read by hand is what the serializer would write and read.</summary>
public sealed partial class StatusJsonTests
{
    /// <summary>Nothing in it is null, nothing is empty.</summary>
    private static StatusSnapshot Full { get; } = Snapshots.Troubled with
    {
        Enrolment = Snapshots.Well.Enrolment,
        Spool = new(1, 2, 3, Snapshots.Now, 4),
        Connection = new("waiting", "mqtts://fleet.example:8883", Snapshots.Now, Snapshots.Now.AddTicks(1), 17, "Connection \"refused\"", ulong.MaxValue, Snapshots.Now)
        {
            Transport = "MQTT over TLS",
            Proxy = "http://proxy:3128",
            NextEndpoint = "wss://fleet.example/mqtt",
            AskedToWait = true,
            Deadline = Snapshots.Now,
            BetterEndpoint = "mqtts://other:8883",
            BetterAt = Snapshots.Now.ToOffset(TimeSpan.FromHours(2)),
            BetterError = "ünreachable",
        },
        Collectors = [new("cpu", "failing", 1, "default", Snapshots.Now, 0.1 + 0.2, 5, 6, "why")],
        Logs = [new("journal", "failing", 7, 8, Snapshots.Now, "Permission denied")],
        Problems = [new("area", "what", "do", Snapshots.Now)],
        Time = new("beacon", "behind", Snapshots.Now, 9, 10, 11, "boot"),
        Trust = new(Snapshots.Now, [new("https://home.example", Snapshots.Now, "is the newest")]),
        Audit = new("record", 20, 19, new("log", 21, Snapshots.Now)),
        ScriptsHeldBy = "cgroup",
        Files = new(3, "day") { Name = "a<b>.bin", Sealed = 12, Size = long.MaxValue },
        Twin = new(long.MaxValue, 1, 2, 3, 4, 5) { Waits = "app a.b: waits for a program", Problem = "file /a: ünreachable" },
        Update = new("downloading", "app/1.1.0/app.tar", "It waits ünder way.", 1, 2, long.MaxValue),
        Sharing = new(6, 7, 8),
        Uplink = new(true, "configuration", "pause") { PausedUntil = Snapshots.Now, PausedBy = "operator", DataUsed = 13, DataLimit = 14, DataResetAt = Snapshots.Now },
    };

    public static TheoryData<string> Names => ["full", "well", "troubled"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_Snapshot_IsWhatTheSerializerWrites(string name)
    {
        var snapshot = Named(name);

        Assert.Equal(JsonSerializer.Serialize(snapshot, Serialized.Default.StatusSnapshot), Encoding.UTF8.GetString(StatusJson.Write(snapshot)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_Written_IsTheSame(string name)
    {
        var written = StatusJson.Write(Named(name));

        Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(StatusJson.Write(StatusJsonReader.Read(written))));
    }

    /// <summary>Else the comparison with the serializer would not see that a member is missing.</summary>
    [Fact]
    public void Full_HasEveryMember()
    {
        var all = JsonSerializer.SerializeToNode(Full, SerializedWithNulls.Default.StatusSnapshot)!;

        AssertNothingIsNull(all, "$", "commands", "latest");
    }

    [Fact]
    public void Write_StateFolderReport_IsWhatTheSerializerWrites()
    {
        var report = new StateFolderReport(
            false, "nobody listens", "/var/lib/x", true, true, "ab", "pi", "https://fleet.example", 12, Snapshots.Now, true, [new("agent", "what", null, null)]);
        foreach (var one in new[] { report, report with { Running = null, DeviceId = null, Name = null, Server = null, LastWriteAt = null, Problems = [] } })
        {
            Assert.Equal(JsonSerializer.Serialize(one, Serialized.Default.StateFolderReport), Encoding.UTF8.GetString(StatusJson.Write(one)));
        }
    }

    [Fact]
    public void Write_Configuration_IsWhatTheSerializerWrites()
    {
        var report = new ConfigurationReport(false, "agent.conf", true, ["one", "two"], ["hint"]);
        OptionView[] options = [new("Device:State", "/x", "file", "agent.conf:3"), new("Logs:Journal", "", "default", null)];

        Assert.Equal(JsonSerializer.Serialize(report, Serialized.Default.ConfigurationReport), ConfigurationJson.Write(report));
        Assert.Equal(JsonSerializer.Serialize(options, Serialized.Default.OptionViewArray), ConfigurationJson.Write(options));
    }

    [Fact]
    public void Read_AnyMemberMissingOrOfAnotherKind_IsAJsonExceptionOrRight()
    {
        var whole = JsonNode.Parse(StatusJson.Write(Full))!;
        foreach (var path in Paths(whole))
        {
            foreach (var replacement in new[] { null, "\"text\"", "1.5", "-1", "true", "[]", "[1]", "{}", "null", "99999999999999999999999" })
            {
                var changed = whole.DeepClone();
                Replace(changed, path, replacement);
                var content = Encoding.UTF8.GetBytes(changed.ToJsonString());
                if (Record.Exception(() => StatusJsonReader.Read(content)) is { } e)
                {
                    Assert.IsType<JsonException>(e);
                }
            }
        }
    }

    [Fact]
    public void Read_Truncated_IsAJsonException()
    {
        var whole = StatusJson.Write(Full);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.ThrowsAny<JsonException>(() => StatusJsonReader.Read(whole.AsMemory(0, length)));
        }
    }

    private static StatusSnapshot Named(string name) => name switch { "full" => Full, "well" => Snapshots.Well, _ => Snapshots.Troubled };

    private static void AssertNothingIsNull(JsonNode? node, string path, params string[] except)
    {
        Assert.True(node is not null, $"{path} is null");
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members)
            {
                if (!except.Contains(name))
                {
                    AssertNothingIsNull(value, $"{path}.{name}");
                }
            }
        }
        else if (node is JsonArray values)
        {
            Assert.NotEmpty(values);
            Assert.All(values, value => AssertNothingIsNull(value, path + "[]"));
        }
    }

    private static IEnumerable<object[]> Paths(JsonNode? node, params object[] before)
    {
        if (before.Length > 0)
        {
            yield return before;
        }

        var inside = node switch
        {
            JsonObject members => members.SelectMany(member => Paths(member.Value, [.. before, member.Key])),
            JsonArray values => values.SelectMany((value, index) => Paths(value, [.. before, index])),
            _ => [],
        };
        foreach (var path in inside)
        {
            yield return path;
        }
    }

    /// <param name="replacement">Null: the member is removed.</param>
    private static void Replace(JsonNode root, object[] path, string? replacement)
    {
        var holder = path.SkipLast(1).Aggregate(root, static (node, step) => step is int index ? node[index]! : node[(string)step]!);
        var value = replacement is null ? null : JsonNode.Parse(replacement);
        switch (path[^1])
        {
            case int index:
                holder.AsArray()[index] = value;
                break;
            case string name when replacement is null:
                holder.AsObject().Remove(name);
                break;
            case string name:
                holder[name] = value;
                break;
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(StatusSnapshot))]
    [JsonSerializable(typeof(StateFolderReport))]
    [JsonSerializable(typeof(ConfigurationReport))]
    [JsonSerializable(typeof(OptionView[]))]
    private sealed partial class Serialized : JsonSerializerContext;

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(StatusSnapshot))]
    private sealed partial class SerializedWithNulls : JsonSerializerContext;
}
