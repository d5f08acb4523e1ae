using System.Diagnostics;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>
/// A real file system that is really full or really read-only: a tmpfs of a few MiB in a mount namespace of its own (unshare(1)), in which
/// agents run by nsenter(1). It is gone with the test, however that ends. Without root, a user namespace lets it be mounted.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const string Script = """
        mount -t tmpfs -o size="$3"m,mode=700 small "$1" && cp -a "$2/." "$1" && echo mounted && exec cat
        """;

    private static readonly bool IsRoot = Environment.UserName == "root";
    private readonly Process _holder;

    private SmallDisk(string path, Process holder) => (Path, _holder) = (path, holder);

    /// <summary>Where it is mounted, for those in the namespace.</summary>
    public string Path { get; }

    /// <summary>What has to stand before a command, so that it sees the disk.</summary>
    public IReadOnlyList<string> Launcher =>
        [Tool.Require("/usr/bin/nsenter", "util-linux"), .. IsRoot ? [] : new[] { "--user", "--preserve-credentials" }, "--mount", "--target", _holder.Id.ToString()];

    /// <param name="path">Made, and mounted on.</param>
    /// <param name="source">A folder whose content it begins with.</param>
    /// <param name="mebibytes">Its size.</param>
    public static async Task<SmallDisk> MountAsync(string path, string source, int mebibytes)
    {
        Directory.CreateDirectory(path);
        var holder = Process.Start(new ProcessStartInfo(
            Tool.Require("/usr/bin/unshare", "util-linux"),
            [.. IsRoot ? [] : new[] { "--user", "--map-root-user" }, "--mount", "/bin/sh", "-c", Script, "sh", path, source, mebibytes.ToString()])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("mounted", await holder.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        return new SmallDisk(path, holder);
    }

    /// <summary>Not one page is left.</summary>
    public Task FillAsync() => RunAsync("cat /dev/zero >\"$0/filler\" 2>/dev/null; test \"$(stat -f -c %f \"$0\")\" = 0");

    public Task MakeRoomAsync() => RunAsync("rm \"$0/filler\"");

    /// <summary>Refused by the kernel while something is open for writing.</summary>
    public Task SetReadOnlyAsync(bool isReadOnly) => RunAsync($"mount -o remount,{(isReadOnly ? "ro" : "rw")} \"$0\"");

    public async ValueTask DisposeAsync()
    {
        _holder.StandardInput.Close();
        await _holder.WaitForExitAsync();
        _holder.Dispose();
    }

    private async Task RunAsync(string script)
    {
        var launcher = Launcher;
        await Tool.RunAsync(launcher[0], [.. launcher.Skip(1), "/bin/sh", "-c", script, Path], default);
    }
}
