using System.Text.Json.Nodes;

namespace Messaging.EndToEnd.Harness;

/// <summary>fleetctl where the owner works: the owner's keys, and what was seen of the fleet.</summary>
internal sealed class OwnersMachine
{
    private readonly string _folder;
    private readonly string _fingerprint;

    private OwnersMachine(string folder, string tokenFile, string fingerprint)
    {
        _folder = folder;
        TokenFile = tokenFile;
        _fingerprint = fingerprint;
    }

    /// <summary>Gets or sets how long a command may take.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>Gets or sets the file of the authority that the server's certificate comes from; null for none.</summary>
    public string? AuthorityFile { get; set; }

    /// <summary>Gets the file with the API token.</summary>
    public string TokenFile { get; }

    public string this[string name] => Path.Combine(_folder, name);

    /// <param name="folder">A folder of its own.</param>
    /// <param name="tokenFile">An API token of an owner.</param>
    /// <param name="fingerprint">Of the fleet.</param>
    /// <param name="keys">Files of keys that are made.</param>
    public static async Task<OwnersMachine> Create(string folder, string tokenFile, string fingerprint, params string[] keys)
    {
        Directory.CreateDirectory(folder);
        var machine = new OwnersMachine(folder, tokenFile, fingerprint);
        await File.WriteAllTextAsync(machine["passphrase"], "a passphrase of a test\n");
        File.SetUnixFileMode(machine["passphrase"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        foreach (var key in keys)
        {
            await machine.CreateKey(key);
        }

        return machine;
    }

    public Task CreateKey(string name) => RunAsync("key", "create", this[name], "--passphrase-file", this["passphrase"]);

    /// <summary>Runs fleetctl against a server, with the passphrase at hand; returns what it says.</summary>
    public Task<string> Run(string url, params string[] arguments) =>
        RunAsync(WithKeys(url, arguments));

    /// <summary>The same for what answers with JSON; what it says beside that, on standard error, is left out.</summary>
    public async Task<JsonNode> Ask(string url, params string[] arguments)
    {
        await using var fleetctl = ChildProcess.Start(Repository.FleetCtl, [.. WithKeys(url, [.. arguments, "--json"]), "--config", this["fleetctl.json"]]);
        await fleetctl.WaitForExit(Deadline);
        Assert.True(fleetctl.ExitCode == 0, $"fleetctl {string.Join(' ', arguments)} ended with {fleetctl.ExitCode}:\n{fleetctl.Output}");
        return JsonNode.Parse(fleetctl.Answer)!;
    }

    /// <summary>The same for what may fail: its exit code, and what it says.</summary>
    public Task<(int Code, string Output)> Try(string url, params string[] arguments) => TryAsync(WithKeys(url, arguments));

    /// <summary>The same for what takes a token, and no keys.</summary>
    public Task<(int Code, string Output)> TryWithoutKeys(string url, params string[] arguments) => TryAsync([.. arguments, .. Server(url), "--token-file", TokenFile]);

    /// <summary>What takes a token, and no keys; returns what it says.</summary>
    public Task<string> Do(string url, params string[] arguments) => RunAsync([.. arguments, .. Server(url), "--token-file", TokenFile]);

    /// <summary>Starts fleetctl and leaves it running, with an owner's key.</summary>
    public ChildProcess Start(string url, string key, params string[] arguments) =>
        ChildProcess.Start(Repository.FleetCtl, [.. WithKeys(url, [.. arguments, "--key", this[key]]), "--config", this["fleetctl.json"]]);

    /// <summary>The same for what takes neither keys nor a token.</summary>
    public Task<string> Look(string url, params string[] arguments) => RunAsync([.. arguments, .. Server(url)]);

    private string[] WithKeys(string url, string[] arguments) =>
        [.. arguments, "--passphrase-file", this["passphrase"], .. Server(url), "--token-file", TokenFile];

    private Task<(int Code, string Output)> TryAsync(string[] arguments) =>
        ChildProcess.Run(Repository.FleetCtl, [.. arguments, "--config", this["fleetctl.json"]], Deadline);

    private string[] Server(string url) => ["--url", url, "--fleet", _fingerprint, .. AuthorityFile is null ? Array.Empty<string>() : ["--ca-file", AuthorityFile]];

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output) = await TryAsync(arguments);
        Assert.True(code == 0, $"fleetctl {string.Join(' ', arguments)} ended with {code}:\n{output}");
        return output;
    }
}
