namespace Messaging.EndToEnd.Harness;

/// <summary>A security token: SoftHSM's, in a folder.</summary>
internal sealed class SoftToken
{
    private const string Label = "Fleet";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private SoftToken(string configuration) => Environment = new Dictionary<string, string> { ["SOFTHSM2_CONF"] = configuration };

    /// <summary>For programs that use it.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public static async Task<SoftToken> Create(string folder, string pin)
    {
        var tokens = Directory.CreateDirectory(Path.Combine(folder, "tokens")).FullName;
        var configuration = Path.Combine(folder, "softhsm2.conf");
        await File.WriteAllTextAsync(configuration, $"directories.tokendir = {tokens}\n");
        var token = new SoftToken(configuration);
        var (code, output) = await ChildProcess.Run(
            "softhsm2-util", ["--init-token", "--free", "--label", Label, "--so-pin", "87654321", "--pin", pin], Deadline, token.Environment);
        Assert.True(code == 0, output);
        return token;
    }

    /// <summary>A key in it, as fleetctl takes it instead of a file.</summary>
    public static string Key(string name) => $"pkcs11:token={Label};object={name}?module-path=/usr/lib/softhsm/libsofthsm2.so";
}
