using System.Text;

namespace Messaging.EndToEnd.Harness;

/// <summary>tcpdump on the loopback interface, for one port.</summary>
internal sealed class Capture : IAsyncDisposable
{
    private readonly ChildProcess _tcpdump;
    private readonly string _file;

    private Capture(ChildProcess tcpdump, string file)
    {
        _tcpdump = tcpdump;
        _file = file;
    }

    public static async Task<Capture> Start(int port, string file)
    {
        var tcpdump = ChildProcess.Start("tcpdump", ["-i", "lo", "-s", "0", "-U", "--immediate-mode", "-Z", "root", "-w", file, $"tcp port {port}"]);
        await tcpdump.WaitForLine("listening on", TimeSpan.FromSeconds(30));
        return new Capture(tcpdump, file);
    }

    /// <summary>Ends the capture; returns every captured byte as a Latin-1 character, so that text in it can be searched for.</summary>
    public async Task<string> Stop()
    {
        _tcpdump.Terminate();
        await _tcpdump.WaitForExit(TimeSpan.FromSeconds(30));
        return Encoding.Latin1.GetString(await File.ReadAllBytesAsync(_file));
    }

    public ValueTask DisposeAsync() => _tcpdump.DisposeAsync();
}
