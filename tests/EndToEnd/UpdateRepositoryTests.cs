using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;
using Messaging.Updates.Releases;

namespace Messaging.EndToEnd;

/// <summary>An owner publishes releases by fleetctl, on a real server that is killed meanwhile; clients read them over HTTP, ours and another one.</summary>
public sealed class UpdateRepositoryTests
{
    private const string Repository = "/api/v1/repository";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Releases_SignedByTheOwner_AreReadByClients()
    {
        await using var fleet = await SplitFleet.Start();
        var owner = await Begin(fleet);
        var (first, second) = (Program(1), Program(2));

        await Add(fleet, owner, first, "1.0.0");
        Assert.Contains("targets 2: to be signed", await owner.Do(fleet.Url, "artifact", "list"), StringComparison.Ordinal);
        await SignOnAnotherMachine(fleet, owner);
        await owner.Do(fleet.Url, "artifact", "publish");
        using var device = new RepositoryReader(fleet.Url + Repository);
        Assert.Equal(first, await device.Download("camera/1.0.0/linux-arm64/program.bin"));

        // A little of it is another: a delta, and both encrypted.
        await Add(fleet, owner, second, "1.1.0", "--encrypt");
        await owner.Run(fleet.Url, "artifact", "sign", "--key", owner["alice.pem"], "--yes");
        await Publish(fleet, owner);
        await Reads(device, fleet, owner, first, second);
        await owner.Do(fleet.Url, "artifact", "mirror", owner["mirror"]);
        await ReadByAnotherClient(fleet, owner["mirror"]);
    }

    [Fact]
    public async Task Server_KilledWhilePublishing_ShowsTheOldOrTheNew()
    {
        await using var fleet = await SplitFleet.Start();
        var owner = await Begin(fleet);
        using var device = new RepositoryReader(fleet.Url + Repository);
        await Add(fleet, owner, Program(1), "1.0.0");
        await owner.Run(fleet.Url, "artifact", "sign", "--key", owner["alice.pem"], "--yes");

        var publishing = fleet.Api.Http.PostAsync($"{Repository}/publish", null, Ct);
        await fleet.Control.KillNow();
        await Record.ExceptionAsync(() => publishing);
        await fleet.StartControl();

        var shown = await device.Targets();
        Assert.InRange(shown.Version, 1, 2);
        Assert.Equal(shown.Version - 1, shown.Count);
        if (shown.Version == 1)
        {
            await owner.Do(fleet.Url, "artifact", "publish");
        }

        Assert.Equal(Program(1), await device.Download("camera/1.0.0/linux-arm64/program.bin"));
    }

    [Fact]
    public async Task Release_OfTheBuild_IsUploadedSignedAndPublished_AndReadByDevices()
    {
        await using var fleet = await SplitFleet.Start();
        var owner = await Begin(fleet);
        await owner.Do(fleet.Url, "config", "set");
        Directory.CreateDirectory(owner["config/fleetctl"]);
        File.Copy(owner["fleetctl.json"], owner["config/fleetctl/config.json"]);
        var agent = await File.ReadAllBytesAsync(Harness.Repository.Agent, Ct);
        Directory.CreateDirectory(owner["out/agent-aot/linux-x64"]);
        await File.WriteAllBytesAsync(owner["out/agent-aot/linux-x64/messaging-agent"], agent, Ct);

        // Built as it would be, since a native build takes minutes.
        string[] properties = ["-t:Release", "-p:Version=1.4.0", "-p:Rids=linux-x64", "-p:Built=true", $"-p:OutputRoot={owner["out/"]}", $"-p:FleetCtl={Harness.Repository.FleetCtl}", $"-p:SignKey={owner["alice.pem"]}", $"-p:PassphraseFile={owner["passphrase"]}"];
        var project = Path.Combine(Harness.Repository.Root, "eng", "publish.proj");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["XDG_CONFIG_HOME"] = owner["config"] };
        var (code, output) = await ChildProcess.Run("dotnet", ["msbuild", project, "-nologo", "-nodeReuse:false", .. properties], Deadline, environment);
        Assert.True(code == 0, output);

        using var device = new RepositoryReader(fleet.Url + Repository);
        const string Path14 = "messaging-agent/1.4.0/linux-x64/messaging-agent";
        Assert.Equal(agent, await device.Download(Path14));
        var release = Release.Read(await device.Find(Path14));
        Assert.Equal(("messaging-agent", "agent", "1.4.0"), (release.Name, release.Kind, release.Version.ToString()));
    }

    /// <summary>Takes the fleet over, and publishes the first root and targets.</summary>
    private static async Task<OwnersMachine> Begin(SplitFleet fleet)
    {
        var fingerprint = (await fleet.Api.Get("/api/v1/system"))["fleetFingerprint"]!.GetValue<string>();
        var owner = await OwnersMachine.Create(fleet.Scratch["owner"], fleet.TokenFile, fingerprint, "root.pem", "alice.pem");
        var (early, said) = await owner.Try(fleet.Url, "artifact", "init", "--root-key", owner["root.pem"]);
        Assert.True(early != 0 && said.Contains("First take the fleet over", StringComparison.Ordinal), said);
        await owner.Run(fleet.Url, "trust", "take-over", "--root-key", owner["root.pem"], "--owner-key", owner["alice.pem"]);
        Assert.Contains("To begin: fleetctl artifact init", await owner.Do(fleet.Url, "artifact", "list"), StringComparison.Ordinal);
        await owner.Run(fleet.Url, "artifact", "init", "--root-key", owner["root.pem"]);
        var (unsigned, missing) = await owner.TryWithoutKeys(fleet.Url, "artifact", "publish");
        Assert.True(unsigned != 0 && missing.Contains("signatures_missing", StringComparison.Ordinal), missing);
        await owner.Run(fleet.Url, "artifact", "sign", "--key", owner["alice.pem"], "--yes");
        await owner.Do(fleet.Url, "artifact", "publish");
        return owner;
    }

    /// <summary>Half a mebibyte, of which a number says a little.</summary>
    private static byte[] Program(int number)
    {
        var program = new byte[512 * 1024];
        for (var i = 0; i < program.Length / SHA256.HashSizeInBytes; i++)
        {
            SHA256.HashData(BitConverter.GetBytes(i)).CopyTo(program, i * SHA256.HashSizeInBytes);
        }

        BitConverter.GetBytes(number).CopyTo(program, 300_000);
        return program;
    }

    private static async Task Add(SplitFleet fleet, OwnersMachine owner, byte[] program, string version, params string[] more)
    {
        var path = owner["program.bin"];
        await File.WriteAllBytesAsync(path, program, Ct);
        await owner.Do(fleet.Url, ["artifact", "add", path, "--kind", "tree", "--name", "camera", "--version", version, "--hardware", "linux-arm64", "--param", "unit=camera.service", .. more]);
    }

    /// <summary>The key's machine is told nothing but the fleet's fingerprint.</summary>
    private static async Task SignOnAnotherMachine(SplitFleet fleet, OwnersMachine owner)
    {
        await owner.Run(fleet.Url, "artifact", "sign", "--out", owner["waiting.json"]);
        var words = await owner.Run("https://nowhere.invalid", "artifact", "sign", "--in", owner["waiting.json"], "--key", owner["alice.pem"], "--yes");
        Assert.Contains("+ camera 1.0.0 (tree) for linux-arm64, counter 1, 512 KiB", words, StringComparison.Ordinal);
        var back = await owner.Run(fleet.Url, "artifact", "sign", "--in", owner["waiting.json"]);
        Assert.Contains("Everything is signed", back, StringComparison.Ordinal);
    }

    private static async Task Publish(SplitFleet fleet, OwnersMachine owner)
    {
        Assert.Contains("targets 3", await owner.Do(fleet.Url, "artifact", "publish"), StringComparison.Ordinal);
        var listing = JsonNode.Parse(await owner.Do(fleet.Url, "artifact", "list", "--json"))!;
        Assert.Equal("ready", listing["repository"]!["state"]!.GetValue<string>());
        Assert.Equal(["1.1.0", "1.0.0"], listing["releases"]!.AsArray().Select(static one => one!["version"]!.GetValue<string>()));
        Assert.Single(listing["releases"]![0]!["deltas"]!.AsArray());
        var releases = (await fleet.Api.Get($"{Repository}/releases"))["items"]!.AsArray();
        Assert.Equal((true, 2), (releases[0]!["encrypted"]!.GetValue<bool>(), releases[0]!["counter"]!.GetValue<int>()));
    }

    /// <summary>As a device with an assignment: it has the key, and maybe the release of before.</summary>
    private static async Task Reads(RepositoryReader device, SplitFleet fleet, OwnersMachine owner, byte[] first, byte[] second)
    {
        const string Path = "camera/1.1.0/linux-arm64/program.bin";
        var sealedProgram = await device.Download(Path);
        var release = Release.Read(await device.Find(Path));
        Assert.Equal((Convert.ToHexStringLower(SHA256.HashData(second)), (long)second.Length), (release.ContentSha256, release.ContentLength));
        var key = Convert.FromBase64String((await fleet.Api.Get($"{Repository}/keys/{Convert.ToHexStringLower(SHA256.HashData(sealedProgram))}"))["key"]!.GetValue<string>());
        Assert.Equal(second, RepositoryReader.Open(sealedProgram, key, Path));

        var delta = Assert.Single(release.Deltas);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(first)), delta.From);
        Assert.InRange((await device.Find(delta.Target)).Length, 1, second.Length / 10);
        var shown = await owner.Do(fleet.Url, "artifact", "show", "camera", "1.1.0");
        Assert.Contains("param unit=camera.service", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(key), shown + fleet.Control.Output, StringComparison.Ordinal);
    }

    /// <summary>tuf-js, over the server and over the mirror's files.</summary>
    private static async Task ReadByAnotherClient(SplitFleet fleet, string mirror)
    {
        var script = Harness.Repository.TufJs;
        var targets = Directory.EnumerateFiles(Path.Combine(mirror, "metadata"), "*.targets.json").Select(Path.GetFileName).Single()!;
        using var host = new StaticHost(mirror);
        foreach (var url in new[] { fleet.Url + Repository, host.Url })
        {
            var (code, output) = await ChildProcess.Run("node", [script, url, Path.Combine(mirror, "metadata", "1.root.json"), targets], Deadline);
            Assert.True(code == 0, $"tuf-js at {url}: {output}");
            Assert.Contains("3 targets", output, StringComparison.Ordinal);
        }
    }
}
