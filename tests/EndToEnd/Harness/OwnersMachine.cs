namespace Messaging.EndToEnd.Harness;

/// <summary>fleetctl where the owner works: the owner's keys, and what was seen of the fleet.</summary>
internal sealed class OwnersMachine
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private readonly string _folder;
    private readonly string _tokenFile;
    private readonly string _fingerprint;

    private OwnersMachine(string folder, string tokenFile, string fingerprint)
    {
        _folder = folder;
        _tokenFile = tokenFile;
        _fingerprint = fingerprint;
    }

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
        RunAsync([.. arguments, "--passphrase-file", this["passphrase"], .. Server(url), "--token-file", _tokenFile]);

    /// <summary>The same for what takes neither keys nor a token.</summary>
    public Task<string> Look(string url, params string[] arguments) => RunAsync([.. arguments, .. Server(url)]);

    private string[] Server(string url) => ["--url", url, "--fleet", _fingerprint];

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output) = await ChildProcess.Run(Repository.FleetCtl, [.. arguments, "--config", this["fleetctl.json"]], Deadline);
        Assert.True(code == 0, $"fleetctl {string.Join(' ', arguments)} ended with {code}:\n{output}");
        return output;
    }
}
