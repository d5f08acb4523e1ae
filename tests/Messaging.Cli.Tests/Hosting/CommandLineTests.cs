using System.Text.Json;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Recordings;
using Messaging.Cli.Tests.Support;
using Messaging.Crypto;

namespace Messaging.Cli.Tests.Hosting;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task KeyCreate_ThenShown_IsTheSameKey()
    {
        var path = _folder.File("owner.pem");
        var phrase = _folder.Write("phrase", CheapKey.Phrase + "\n");

        Assert.Equal(ExitCodes.Ok, await RunAsync("key", "create", path, "--passphrase-file", phrase));
        var created = Output();
        Assert.Equal(ExitCodes.Ok, await RunAsync("key", "show", path));
        Assert.Equal(created, Output());
        Assert.Equal(ExitCodes.Ok, await RunAsync("key", "show", path, "--public"));
        Assert.Equal(await File.ReadAllTextAsync(path + ".pub", TestContext.Current.CancellationToken), Output());

        // Without its public half beside it, the key itself is opened.
        File.Delete(path + ".pub");
        Assert.Equal(ExitCodes.Ok, await RunAsync("key", "show", path, "--json", "--passphrase-file", phrase));
        using var json = JsonDocument.Parse(Output());
        Assert.Contains(json.RootElement.GetProperty("fingerprint").GetString()!, created, StringComparison.Ordinal);
        Assert.Contains(json.RootElement.GetProperty("principal").GetString()!, created, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recordings_KeyThenGetAndPlay_OfASealedFile()
    {
        var path = _folder.File("auditor.pem");
        var phrase = _folder.Write("phrase", CheapKey.Phrase + "\n");
        Assert.Equal(ExitCodes.Ok, await RunAsync("recordings", "key", path, "--passphrase-file", phrase));
        Assert.Contains("Public key  mrk1.", Output(), StringComparison.Ordinal);
        var file = _folder.File("shell.msgrec");
        var (device, command) = RecordingMaker.Write(file, RecorderKey.Read(path + ".pub"), "\u001b[1mhello\u001b[0m\r\n\u0007$ ", isFinal: true);
        var cast = _folder.File("shell.cast");
        string[] key = ["--key", path, "--passphrase-file", phrase];

        Assert.Equal(ExitCodes.Ok, await RunAsync(["recordings", "get", file, "--out", cast, "--json", .. key]));
        using var json = JsonDocument.Parse(Output());
        Assert.Equal((device, command, "complete"), (json.RootElement.GetProperty("device").GetString(), json.RootElement.GetProperty("command").GetString(), json.RootElement.GetProperty("ended").GetString()));
        Assert.Contains("hello", await File.ReadAllTextAsync(cast, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(cast));
        Assert.Equal(ExitCodes.Failed, await RunAsync(["recordings", "get", file, "--out", cast, .. key]));

        Assert.Equal(ExitCodes.Ok, await RunAsync(["recordings", "play", file, "--text", .. key]));
        Assert.Equal("hello\n$ \n", Output());
        Assert.Equal(ExitCodes.Ok, await RunAsync(["recordings", "play", file, "--speed", "100", .. key]));
        Assert.Contains("\u001b[1mhello", Output(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recordings_GetOfWhatIsDamagedForeignOrBrokenOff_SaysSo()
    {
        var path = _folder.File("auditor.pem");
        var phrase = _folder.Write("phrase", CheapKey.Phrase + "\n");
        Assert.Equal(ExitCodes.Ok, await RunAsync("recordings", "key", path, "--passphrase-file", phrase));
        using var other = HpkeKeyPair.Generate();
        var (broken, damaged, foreign) = (_folder.File("broken"), _folder.File("damaged"), _folder.File("foreign"));
        RecordingMaker.Write(broken, RecorderKey.Read(path + ".pub"), "a", isFinal: false);
        RecordingMaker.Write(foreign, other.Public, "a", isFinal: true);
        RecordingMaker.Write(damaged, RecorderKey.Read(path + ".pub"), "a", isFinal: true);
        var bytes = await File.ReadAllBytesAsync(damaged, TestContext.Current.CancellationToken);
        bytes[^12] ^= 1;
        await File.WriteAllBytesAsync(damaged, bytes, TestContext.Current.CancellationToken);
        Output();

        Assert.Equal(ExitCodes.Ok, await Get(broken));
        Assert.Contains("Ended      broken-off", Output(), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, await Get(damaged));
        Assert.Equal(ExitCodes.Failed, await Get(foreign));
        Assert.Contains("was changed after the device had made it", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"is not sealed to this key, but to {other.Kid}", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await Get("neither"));
        Assert.False(File.Exists(damaged + ".cast"));

        Task<int> Get(string file) => RunAsync("recordings", "get", file, "--out", file + ".cast", "--key", path, "--passphrase-file", phrase);
    }

    [Fact]
    public async Task KeyCreate_WhereOneIs_EndsWith1AndWritesNothing()
    {
        var path = _folder.Write("owner.pem.pub", "somebody's");

        Assert.Equal(ExitCodes.Failed, await RunAsync("key", "create", _folder.File("owner.pem"), "--passphrase-file", _folder.Write("phrase", CheapKey.Phrase)));

        Assert.False(File.Exists(_folder.File("owner.pem")));
        Assert.Equal("somebody's", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.StartsWith("fleetctl: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Single(_error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task ConfigSet_ThenShown_KeepsWhatIsNotGiven()
    {
        var config = _folder.File("config/config.json");
        var token = _folder.Write("token", "mtk_abc\n");

        Assert.Equal(ExitCodes.Ok, await RunAsync("config", "set", "--config", config, "--url", "https://fleet.example", "--token-file", token));
        Assert.Equal(ExitCodes.Ok, await RunAsync("config", "set", "--config", config, "--fleet", new string('A', 64)));
        Assert.Equal(ExitCodes.Ok, await RunAsync("config", "show", "--config", config, "--json"));

        using var json = JsonDocument.Parse(Output());
        Assert.Equal("https://fleet.example/", json.RootElement.GetProperty("url").GetString());
        Assert.Equal(token, json.RootElement.GetProperty("tokenFile").GetString());
        Assert.Equal(new string('a', 64), json.RootElement.GetProperty("fleet").GetString());
    }

    [Fact]
    public async Task ConfigSet_WhatIsWrong_ChangesNothing()
    {
        var config = _folder.File("config/config.json");

        Assert.Equal(ExitCodes.Usage, await RunAsync("config", "set", "--config", config));
        Assert.Equal(ExitCodes.Usage, await RunAsync("config", "set", "--config", config, "--url", "http://fleet.example"));
        Assert.Equal(ExitCodes.Usage, await RunAsync("config", "set", "--config", config, "--fleet", "4be0"));
        Assert.Equal(ExitCodes.Failed, await RunAsync("config", "set", "--config", config, "--token-file", _folder.Write("token", "mtk_abc", TemporaryFolder.OwnerFile | UnixFileMode.OtherRead)));
        Assert.Equal(ExitCodes.Failed, await RunAsync("config", "set", "--config", config, "--ca-file", _folder.Write("ca.pem", "no certificate")));
        Assert.False(File.Exists(config));
    }

    [Theory]
    [InlineData]
    [InlineData("key")]
    [InlineData("key", "create")]
    [InlineData("frobnicate")]
    [InlineData("trust", "take-over", "--root-key", "root.pem")]
    [InlineData("roster", "add", "--owner-key", "o.pem", "--key", "x.pub")]
    [InlineData("command", "4fa2", "ping", "--key", "k.pem")]
    [InlineData("command", "000102030405060708090a0b0c0d0e0f", "format-disk", "--key", "k.pem")]
    [InlineData("command", "000102030405060708090a0b0c0d0e0f", "ping", "--key", "k.pem", "--expires", "31d")]
    [InlineData("command", "000102030405060708090a0b0c0d0e0f", "ping", "--key", "k.pem", "--args", "{")]
    public async Task Usage_Wrong_EndsWith64AndOneLine(params string[] args)
    {
        Assert.Equal(ExitCodes.Usage, await RunAsync([.. args, .. Nowhere(args)]));
        Assert.Single(_error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(Output());
    }

    [Fact]
    public async Task TrustShow_NobodyThere_EndsWith69()
    {
        Assert.Equal(ExitCodes.Unavailable, await RunAsync(
            "trust", "show", "--config", _folder.File("none.json"), "--url", "http://127.0.0.1:1", "--fleet", new string('a', 64)));
        Assert.Contains("cannot be reached", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("key")]
    [InlineData("key", "create")]
    [InlineData("key", "show")]
    [InlineData("trust", "show")]
    [InlineData("trust", "take-over")]
    [InlineData("roster", "add")]
    [InlineData("roster", "remove")]
    [InlineData("roster", "renew")]
    [InlineData("root", "rotate")]
    [InlineData("command")]
    [InlineData("config", "set")]
    [InlineData("config", "show")]
    public async Task Help_OfEveryVerb_EndsWithExamples(params string[] args)
    {
        Assert.Equal(ExitCodes.Ok, await RunAsync([.. args, "--help"]));

        var help = Output();
        Assert.Contains("Description:", help, StringComparison.Ordinal);
        Assert.Contains($"  fleetctl {string.Join(' ', args)}", help[help.IndexOf("Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task RosterAdd_ThePrivateKeyForThePublicOne_SaysSo()
    {
        using var key = IdentityKey.Generate();
        var path = CheapKey.Write(_folder, "alice.pem", key);

        Assert.Equal(ExitCodes.Failed, await RunAsync("roster", "add", "--owner-key", path, "--key", path, "--role", "operator"));
        Assert.Contains(PublicKeyFile.PathOf(path), _error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>So that no test meets the configuration of whoever runs it.</summary>
    private string[] Nowhere(string[] args) => args.Length > 1 ? ["--config", _folder.File("none.json")] : [];

    private Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(args, _output, _error);

    private string Output()
    {
        var text = _output.ToString();
        _output.GetStringBuilder().Clear();
        return text;
    }
}
