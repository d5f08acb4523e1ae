using System.Net;
using System.Net.Sockets;

namespace Messaging.EndToEnd.Harness;

/// <summary>A relay whose generic MQTT namespace is open to this machine.</summary>
internal sealed class OpenBrokerProcess(string data) : IAsyncDisposable
{
    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(90);
    private ChildProcess? _process;

    public int Port { get; } = Ports.Free();

    public string Output => _process!.Output;

    public async Task StartAsync()
    {
        _process = ChildProcess.Start(Repository.FleetServer, ["--roles", "relay", "--data", data, "--mqtt-port", $"{Port}", "--allow-anonymous"]);
        await Eventually.Is("the broker takes connections", StartUp, async () =>
        {
            Assert.False(_process.HasExited, $"The broker ended:\n{Output}");
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port), TestContext.Current.CancellationToken);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });
    }

    public Task KillAsync() => _process!.KillNow();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
