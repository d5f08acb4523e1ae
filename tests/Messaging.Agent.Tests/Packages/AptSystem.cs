using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Messaging.Agent.Packages;
using Messaging.Agent.Tests.Support;
using Messaging.Commands;

namespace Messaging.Agent.Tests.Packages;

/// <summary>
/// A system of the test's own below a folder, with the machine's real apt and dpkg: an archive of small packages, an empty list of what is installed, and the built
/// helper, which systemd-socket-activate starts as systemd does.
/// </summary>
internal sealed class AptSystem : IAsyncDisposable
{
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(120);
    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _processes = [];
    private int _starts;

    public AptSystem(int lockWait = 5)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "dpkg installs only as root");
        LockWait = lockWait;

        // apt reads archives as a user of its own.
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0x1ed);
        foreach (var folder in (string[])
            [
                "var/lib/dpkg/updates", "var/lib/dpkg/info", "var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/log/apt", "etc/apt/apt.conf.d",
                "etc/apt/preferences.d", "etc/apt/sources.list.d", "etc/apt/trusted.gpg.d", "run", "tmp",
            ])
        {
            Directory.CreateDirectory(In(folder));
        }

        Directory.CreateDirectory(_folder.File("archive"));
        File.WriteAllText(In("var/lib/dpkg/status"), "");
        File.WriteAllText(In("etc/apt/sources.list"), $"deb [trusted=yes] file:{_folder.File("archive")} ./\n");
        Allow("my-*", "install, upgrade, remove, refresh, downgrade");
    }

    public int LockWait { get; }

    public string Socket => _folder.File($"packages{_starts}.sock");

    public PackageClient Client => new(Socket, TimeProvider.System);

    public string In(string path) => _folder.File(Path.Combine("root", path));

    public void Allow(string packages, string actions)
    {
        var path = _folder.Write("helper.conf", $"[Helper]\nPackages = {packages}\nPackageActions = {actions}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Makes a package and puts it into the archive; <see cref="RefreshAsync"/> has apt know it.</summary>
    public AptSystem Make(string name, string version, string fields = "", string postinst = "")
    {
        var tree = _folder.File("tree");
        _folder.Write("tree/DEBIAN/control", $"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: T <t@example.invalid>\nInstalled-Size: 12\nDescription: test\n{fields}");
        _folder.Write($"tree/usr/share/{name}/version", version);
        if (postinst.Length > 0)
        {
            var script = _folder.Write("tree/DEBIAN/postinst", "#!/bin/sh\nset -e\n" + postinst + "\n");
            File.SetUnixFileMode(script, (UnixFileMode)0x1ed);
        }

        Run("/usr/bin/dpkg-deb", "-b", tree, _folder.File("archive"));
        Directory.Delete(tree, recursive: true);
        return this;
    }

    public async Task<AptSystem> StartAsync()
    {
        _starts++;
        var activator = Process.Start(new ProcessStartInfo(
            Tool.Require("/usr/bin/systemd-socket-activate", "systemd"),
            [
                $"--listen={Socket}", Path.Combine(AppContext.BaseDirectory, "messaging-agent"), "packages", "--policy", _folder.File("helper.conf"), "--user", Environment.UserName,
                "--folder", _folder.File("kept"), "--root", _folder.File("root"), "--lock-wait", $"{LockWait}",
            ])
        { UseShellExecute = false, RedirectStandardError = true })!;
        _processes.Add(activator);
        var listening = new TaskCompletionSource();
        activator.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null || line.Data.StartsWith("Listening on", StringComparison.Ordinal))
            {
                listening.TrySetResult();
            }
        };
        activator.BeginErrorReadLine();
        await listening.Task.WaitAsync(Long, TestContext.Current.CancellationToken);
        return this;
    }

    /// <summary>Starts the helper, with all that was made in apt's lists.</summary>
    public async Task<AptSystem> RefreshAsync()
    {
        var packages = new StringBuilder();
        foreach (var deb in Directory.EnumerateFiles(_folder.File("archive"), "*.deb"))
        {
            packages.Append(Run("/usr/bin/dpkg-deb", "-f", deb)).Append("Filename: ./").Append(Path.GetFileName(deb)).Append("\nSize: ").Append(new FileInfo(deb).Length)
                .Append("\nSHA256: ").Append(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(deb)))).Append("\n\n");
        }

        File.WriteAllText(_folder.File("archive/Packages"), packages.ToString());
        if (_starts == 0)
        {
            await StartAsync();
        }

        var (answer, output) = await AskAsync(PackageAction.Refresh);
        Assert.True(answer.State == PackageState.Done, $"{answer.Text}\n{output}");
        return this;
    }

    public Task<(PackageAnswer Answer, string Output)> AskAsync(PackageAction action, params string[] packages) => AskAsync(Order(action, packages));

    public async Task<(PackageAnswer Answer, string Output)> AskAsync(PackageRequest request, Action<string>? look = null)
    {
        var output = new StringBuilder();
        var answer = await Client.AskAsync(
            request,
            piece =>
            {
                output.Append(Encoding.UTF8.GetString(piece.Span));
                look?.Invoke(output.ToString());
            },
            Long,
            TestContext.Current.CancellationToken);
        return (answer, output.ToString());
    }

    public static PackageRequest Order(PackageAction action, string[] packages, bool dry = false, bool downgrade = false, int seconds = 100) => new()
    {
        Verb = PackageVerb.Run,
        Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
        IsDryRun = dry,
        Action = action,
        AllowDowngrade = downgrade,
        Seconds = seconds,
        Packages = [.. packages.Select(text => PackageReference.TryParse(text, out var package) ? package : throw new InvalidOperationException(text))],
    };

    /// <summary>What is installed, as dpkg says: <c>name version status</c>.</summary>
    public string Installed() => string.Join("; ", Run(
        "/usr/bin/dpkg-query", "--admindir=" + In("var/lib/dpkg"), "-W", @"-f=${Package} ${Version} ${db:Status-Status}\n").Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(static line => !line.EndsWith("not-installed", StringComparison.Ordinal) && !line.EndsWith("config-files", StringComparison.Ordinal)));

    /// <summary>The helper has taken it.</summary>
    public bool Has(string id) => File.Exists(_folder.File($"kept/{id}/output"));

    public void Hold(string package) => Run("/usr/bin/dpkg", ["--root=" + In(""), "--set-selections"], $"{package} hold\n");

    /// <summary>Ends the helper at once, and where wanted everything that it has started, as when the power fails.</summary>
    public void Kill(bool withAll)
    {
        _processes[^1].Kill(entireProcessTree: withAll);
        _processes[^1].WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }

        _folder.Dispose();
    }

    private static string Run(string program, params string[] arguments) => Run(program, arguments, "");

    private static string Run(string program, string[] arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(Tool.Require(program, "dpkg"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
