using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Messaging.Relay.Legacy;
using Messaging.Relay.Tests.Support;

namespace Messaging.Relay.Tests.Legacy;

/// <summary>messaging/spec/legacy/vectors.json: the relay, and the agents that try it in two languages, do as those in the field.</summary>
public sealed class VectorTests
{
    private static readonly string Path = System.IO.Path.Combine(AppContext.BaseDirectory, "Legacy", "vectors.json");
    private static readonly JsonNode File = JsonNode.Parse(System.IO.File.ReadAllText(Path))!;

    [Fact]
    public void Credentials_MakeTheSecret_TheHashAndTheKey() => Assert.All(Each("credentials"), static one =>
    {
        var secret = SeedCrypto.ChannelSecret(Text(one, "channelName"), Text(one, "password"));
        Assert.Equal(Text(one, "channelSecret"), secret);
        Assert.Equal(Text(one, "passwordHash"), SeedCrypto.PasswordHash(secret, Text(one, "password")));
        Assert.Equal(Text(one, "aesKey"), Convert.ToHexStringLower(SeedCrypto.AesKey(secret)));
    });

    [Fact]
    public void Contents_AreEncryptedAndDecrypted() => Assert.All(Each("contents"), static one =>
    {
        var content = SeedCrypto.Encrypt(Text(one, "channelSecret"), Text(one, "text"), Convert.FromHexString(Text(one, "nonce")));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Text(one, "content")), JsonNode.Parse(content)));
        Assert.Equal(Text(one, "text"), SeedCrypto.Decrypt(Text(one, "channelSecret"), Text(one, "content")));
    });

    [Fact]
    public void Contents_OfNobodyWhoHasTheSecret_AreRefused() =>
        Assert.All(Each("refusedContents"), static one => Assert.Null(SeedCrypto.Decrypt(Text(one, "channelSecret"), Text(one, "content"))));

    [Fact]
    public void Decrypt_OfWhatWasEncryptedNow_IsTheText()
    {
        var secret = Text(Each("credentials").First(), "channelSecret");

        Assert.Equal("ä", SeedCrypto.Decrypt(secret, SeedCrypto.Encrypt(secret, "ä")));
    }

    [Fact]
    public void PasswordReplies_TellThePassword()
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem((string)File["passwordKeyPem"]!);

        Assert.All(Each("passwordReplies"), one => Assert.Equal(Text(one, "password"), SeedCrypto.OpenPassword(rsa, Text(one, "content"))));
    }

    [Fact]
    public void Addresses_AreForWhomTheySay() =>
        Assert.All(Each("addresses"), static one => Assert.Equal((bool)one["isFor"]!, AddressPattern.IsFor((string?)one["to"], Text(one, "agentName"))));

    [Fact]
    public void ChannelIds_AreOfTheirCredentials() => Assert.All(Each("channelIds"), static one => Assert.Equal(
        Text(one, "channelId"), LegacyChannelId.Of(Text(one, "apiKey"), Text(one, "channelName"), Text(one, "channelPassword")).ToString()));

    [Fact]
    public async Task All_HoldInPython()
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(System.IO.Path.Combine(AppContext.BaseDirectory, "Legacy", "seed_vectors.py"));
        start.ArgumentList.Add(Path);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(Wait.Timeout);
        var output = await process.StandardOutput.ReadToEndAsync(Wait.Timeout);
        await process.WaitForExitAsync(Wait.Timeout);

        Assert.True(process.ExitCode == 0, await errors);
        Assert.Contains("vectors hold", output, StringComparison.Ordinal);
    }

    private static IEnumerable<JsonNode> Each(string list) => File[list]!.AsArray().Select(static one => one!);

    private static string Text(JsonNode one, string field) => (string)one[field]!;
}
