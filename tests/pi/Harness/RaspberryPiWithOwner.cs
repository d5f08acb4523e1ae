using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Messaging.EndToEnd.Harness;

namespace Messaging.Pi.Harness;

/// <summary>
/// A board whose fleet belongs to an owner's key, and whose root allows what root can allow: packages of an archive on its card, shells as a user of its own, restarts of
/// a unit.
/// </summary>
public class RaspberryPiWithOwner : RaspberryPi
{
    /// <summary>The archive's version of the agent, above the one that is installed.</summary>
    internal const string NextVersion = "99.0";

    private const string ArchivePlace = "srv/archive";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private OwnersMachine? _owner;

    internal static string AgentPackage { get; } = Harness.Board.IsNative ? "messaging-agent-aot" : "messaging-agent";

    internal OwnersMachine Owner => _owner ?? throw new InvalidOperationException("The fleet has no owner yet.");

    private protected override IEnumerable<string> MoreSettings =>
    [
        "Commands__Allow=ping,run-inline,restart-unit,desired-set,packages,shell,reboot",
        "Commands__Interpreters=/bin/sh",
        $"Commands__Packages=pi-*,{AgentPackage}",
        "Commands__StopGrace=5s",
        "Twin__Check=10s",
    ];

    private protected override IEnumerable<string> MorePolicy =>
    [
        $"Packages = pi-*, {AgentPackage}", "PackageActions = install, upgrade, remove, refresh", "Shell = pi",
    ];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Console.Run("useradd --create-home --shell /bin/bash pi");
        var tokenFile = Scratch("owner-token");
        await File.WriteAllTextAsync(tokenFile, Fleet.Token);
        File.SetUnixFileMode(tokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var fingerprint = (await Fleet.Api.Get("/api/v1/system"))["fleetFingerprint"]!.GetValue<string>();
        _owner = await OwnersMachine.Create(Scratch("owner"), tokenFile, fingerprint, "root.pem", "owner.pem");
        _owner.Deadline = Patience;
        _owner.AuthorityFile = Fleet.Authority;
        await _owner.Run(Fleet.Url, "trust", "take-over", "--root-key", _owner["root.pem"], "--owner-key", _owner["owner.pem"]);
        await Eventually.Is("the device has heard of its owner", Patience, async () =>
            (await Console.TryRun("messaging-agent status --json | grep -q '\"rootVersion\":2'")).Code == 0);
    }

    /// <summary>Has the device do something by the owner's key; returns what fleetctl says, and fails when it was not done.</summary>
    internal Task<string> Order(string type, string args, params string[] more) => Owner.Run(Fleet.Url, Words(type, args, more));

    /// <summary>Has the device run a script that comes with the command; returns fleetctl's exit code and what it says.</summary>
    internal async Task<(int Code, string Output)> Inline(string script, string limits)
    {
        await File.WriteAllTextAsync(Owner["script.sh"], script);
        return await Owner.Try(Fleet.Url, Words("run-inline", $$"""{"interpreter":"/bin/sh","timeout":300,{{limits}}}""", ["--file", Owner["script.sh"]]));
    }

    private protected override async Task<(string Target, string Source)[]> MoreFiles(ScratchFolder scratch)
    {
        var archive = Directory.CreateDirectory(scratch["archive"]).FullName;
        foreach (var version in (string[])["1.0", "2.0"])
        {
            var tree = Directory.CreateDirectory(scratch["sample"]).FullName;
            Directory.CreateDirectory(Path.Combine(tree, "DEBIAN"));
            await File.WriteAllTextAsync(
                Path.Combine(tree, "DEBIAN/control"),
                $"Package: pi-sample\nVersion: {version}\nArchitecture: all\nMaintainer: T <t@example.invalid>\nInstalled-Size: 12\nDescription: a sample\n");
            var script = Path.Combine(tree, "DEBIAN/postinst");
            await File.WriteAllTextAsync(script, "#!/bin/sh\nset -e\necho \"as $(id -un)\" > /etc/pi-sample\n");
            File.SetUnixFileMode(script, (UnixFileMode)0x1ed);
            await Tool("dpkg-deb", "-b", tree, archive);
            Directory.Delete(tree, recursive: true);
        }

        // The next version of the agent is this one under another number.
        var agent = scratch["next-agent"];
        await Tool("dpkg-deb", "-R", Harness.Board.Package, agent);
        var control = Path.Combine(agent, "DEBIAN/control");
        await File.WriteAllLinesAsync(control, (await File.ReadAllLinesAsync(control)).Select(static line =>
            line.StartsWith("Version:", StringComparison.Ordinal) ? "Version: " + NextVersion : line));
        await Tool("dpkg-deb", "-b", agent, archive);
        Directory.Delete(agent, recursive: true);

        var index = new StringBuilder();
        var files = Directory.GetFiles(archive, "*.deb");
        foreach (var file in files)
        {
            var content = await File.ReadAllBytesAsync(file);
            index.Append((await Tool("dpkg-deb", "-f", file)).Trim())
                .Append(CultureInfo.InvariantCulture, $"\nFilename: ./{Path.GetFileName(file)}\nSize: {content.Length}\nSHA256: {Convert.ToHexStringLower(SHA256.HashData(content))}\n\n");
        }

        await File.WriteAllTextAsync(Path.Combine(archive, "Packages"), index.ToString());
        await File.WriteAllTextAsync(scratch["sources"], $"deb [trusted=yes] file:/{ArchivePlace} ./\n");
        return
        [
            ("etc/apt/sources.list", scratch["sources"]),
            .. files.Append(Path.Combine(archive, "Packages")).Select(static file => ($"{ArchivePlace}/{Path.GetFileName(file)}", file)),
        ];
    }

    private string[] Words(string type, string args, string[] more) =>
        ["command", DeviceId, type, "--args", args, "--key", Owner["owner.pem"], "--expires", "1h", .. more];

    private static async Task<string> Tool(string program, params string[] arguments)
    {
        var (code, output) = await ChildProcess.Run(program, arguments, Patience);
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}:\n{output}");
    }
}
