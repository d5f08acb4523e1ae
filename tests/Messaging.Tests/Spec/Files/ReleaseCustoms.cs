namespace Messaging.Tests.Spec.Files;

/// <summary>What repositories say of releases.</summary>
internal static class ReleaseCustoms
{
    private static readonly string Digits = new('a', 64);

    public static readonly string[] Versions =
    [
        "0.0.0-0", "0.0.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0--",
        "2.0.0-0a", "2.0.0-a", "2.0.0", "18446744073709551615.0.0", "18446744073709551616.0.0", "99999999999999999999999.99999999999999999999.9999999999999999",
    ];

    public static readonly string[] SameVersions = ["1.2.0", "1.2.0+b1", "1.2.0+001", "1.2.0+-.-"];

    public static readonly string[] BadVersions =
    [
        "", "1", "1.2", "1.2.3.4", "v1.2.3", "1.2.3-", "1.2.3+", "01.2.3", "1.02.3", "1.2.03", "1.2.3-01", "1.2.3-a..b", "1.2.3-a.", "1.2.3+a+b", "1.2.3-ä", "1.2.3 ", " 1.2.3", "-1.2.3", "1.2.-3", "1,2,3", "1.2.3-a_b",
        "1.2.\u0663", $"1.2.3-{new string('a', 59)}",
    ];

    public static IEnumerable<string> Good()
    {
        yield return Of("");
        yield return Of("\"later\":{\"x\":[null,-1]}");
        yield return Of("\"hardware\":[\"linux-arm64\",\"raspberrypi,4-model-b\"],\"requires\":[{\"name\":\"messaging-agent\",\"version\":\"1.2.0-rc.1\"}],\"params\":{\"unit\":\"camera.service\",\"x_1\":\"\"}");
        yield return Of($"\"content\":{{\"sha256\":\"{Digits}\",\"length\":5}},\"encryption\":\"aes-256-gcm-64k\",\"deltas\":[{{\"from\":\"{Digits}\",\"target\":\"deltas/a\"}}]");
        yield return Of("\"health\":{\"seconds\":0,\"deadline\":10,\"units\":[\"a.service\"],\"http\":[\"http://[::1]:8080/health?x=1\"],\"tcp\":[\"localhost:80\",\"[::1]:443\",\"192.0.2.1:22\"],\"scripts\":[\"look\"]}");
        yield return """{"messaging":{"kind":"a-1","name":"0+.-x","version":"1.0.0+b","counter":9007199254740991},"other":true}""";
    }

    public static IEnumerable<(string Why, string Custom)> Bad()
    {
        yield return ("nothing", "");
        yield return ("no JSON", "{");
        yield return ("no release", """{"messaging-delta":{}}""");
        yield return ("a list", """{"messaging":[]}""");
        foreach (var name in new[] { "kind", "name", "version", "counter" })
        {
            yield return ($"without {name}", Of("", name));
            yield return ($"{name} is null", Of($"\"{name}\":null", name));
        }

        foreach (var (name, value) in new[]
        {
            ("kind", "\"Agent\""), ("kind", "\"1a\""), ("kind", "\"../a\""), ("kind", $"\"{new string('a', 33)}\""), ("name", "\"\""), ("name", "\"-a\""), ("name", "\"a b\""), ("name", $"\"{new string('a', 65)}\""),
            ("version", "\"1.0\""), ("version", "\"v1.0.0\""), ("counter", "-1"), ("counter", "1.0"), ("counter", "9007199254740992"), ("counter", "\"1\""),
            ("hardware", "\"linux-arm64\""), ("hardware", "[\"\"]"), ("hardware", "[\"Linux\"]"), ("hardware", "[\"a\",\"a\"]"), ("hardware", $"[{string.Join(',', Enumerable.Range(0, 17).Select(static i => $"\"h{i}\""))}]"),
            ("requires", "[{\"name\":\"a\"}]"), ("requires", "[{\"name\":\"A\",\"version\":\"1.0.0\"}]"), ("requires", "{}"),
            ("content", "{\"length\":5}"), ("content", $"{{\"sha256\":\"{Digits.ToUpperInvariant()}\",\"length\":5}}"), ("content", $"{{\"sha256\":\"{Digits}\",\"length\":-1}}"),
            ("encryption", "\"aes-256-gcm-64k\""), ("encryption", "\"rot13\""), ("deltas", $"[{{\"from\":\"{Digits}\",\"target\":\"../a\"}}]"), ("deltas", "[{\"from\":\"a\",\"target\":\"a\"}]"),
            ("params", "{\"A\":\"x\"}"), ("params", "{\"a\":1}"), ("params", "{\"a\":\"x\\ny\"}"), ("params", $"{{\"a\":\"{new string('x', 257)}\"}}"),
            ("health", "[]"), ("health", "{\"seconds\":86401,\"deadline\":86400}"), ("health", "{\"seconds\":-1}"), ("health", "{\"deadline\":9,\"seconds\":0}"), ("health", "{\"deadline\":30}"), ("health", "{\"deadline\":86401}"),
            ("health", "{\"http\":[\"ftp://a/\"]}"), ("health", "{\"http\":[\"http://u@a/\"]}"), ("health", "{\"http\":[\" http://a/\"]}"), ("health", "{\"tcp\":[\"a\"]}"), ("health", "{\"tcp\":[\"a:0\"]}"), ("health", "{\"tcp\":[\"::1:80\"]}"),
            ("health", "{\"units\":[\"\"]}"), ("health", "{\"scripts\":[\"a\",\"a\"]}"),
        })
        {
            yield return ($"{name} is {value}", Of($"\"{name}\":{value}", name));
        }
    }

    /// <param name="members">More of them.</param>
    /// <param name="without">Which of the needed ones is not there.</param>
    private static string Of(string members, string without = "")
    {
        var needed = new[] { "\"kind\":\"agent\"", "\"name\":\"messaging-agent\"", "\"version\":\"1.4.0\"", "\"counter\":12" };
        return $"{{\"messaging\":{{{string.Join(',', needed.Where(one => without.Length == 0 || !one.StartsWith($"\"{without}\"", StringComparison.Ordinal)).Append(members).Where(static one => one.Length > 0))}}}}}";
    }
}
