using System.Net;
using System.Net.Sockets;

namespace Messaging.EndToEnd.Harness;

/// <summary>A web server that knows nothing but files (busybox httpd): a home of the fleet, wherever somebody has some web space.</summary>
internal sealed class FileHome : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly int _port;

    private FileHome(ChildProcess process, int port)
    {
        _process = process;
        _port = port;
    }

    public string Url => $"http://127.0.0.1:{_port}/fleet";

    /// <param name="folder">Gets a folder of the same path as the address, with one below it for the file.</param>
    public static async Task<FileHome> Start(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "fleet", "api", "v1"));
        var port = Ports.Free();
        var process = ChildProcess.Start("busybox", ["httpd", "-f", "-p", $"127.0.0.1:{port}", "-h", folder]);
        await Eventually.Is("the home listens", TimeSpan.FromSeconds(30), async () =>
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException e)
            {
                // Not yet: the deadline judges.
                return process.HasExited ? throw new InvalidOperationException($"busybox httpd ended:\n{process.Output}", e) : false;
            }
        });
        return new FileHome(process, port);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
