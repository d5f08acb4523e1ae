using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Mqtt.Connections;

/// <summary>Takes TCP connections on loopback for the generic namespace, and keeps its time.</summary>
internal sealed partial class BrokerListener(Broker broker, int port, ILogger<BrokerListener> logger) : IHostedService, IDisposable
{
    private const int Backlog = 4096;
    private const int KeepAliveSeconds = 120;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    /// <summary>After which time a failing accept is tried again: the process has no file descriptors left, say.</summary>
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Where it listens, once it has started.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Accepted sockets have what the listening one has; who is gone without a word and has no keep-alive is found by TCP's.
        _socket.NoDelay = true;
        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        _socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _socket.Listen(Backlog);
        LogListening(logger, Port);
        _running = Task.WhenAll(AcceptAsync(), SweepAsync());
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        broker.CloseAll(Protocol.ReasonCode.ServerShuttingDown);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _socket.AcceptAsync(_stopping.Token));
            }
            catch (Exception exception) when (exception is SocketException && !_stopping.IsCancellationRequested)
            {
                LogAcceptFailed(logger, exception.Message);
                await Task.Delay(AcceptPause, broker.Time, _stopping.Token);
            }
        }
    }

    private async Task ServeAsync(Socket accepted)
    {
        // A client whose packets are there already would be worked on here, and nobody else be accepted for as long as it goes on.
        await Turn.Next;
        try
        {
            await broker.RunAsync(new SocketChannel(accepted));
        }
        catch (Exception fault)
        {
            // One connection's, and nobody else's.
            accepted.Dispose();
            LogFault(logger, fault);
        }
    }

    private async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(SweepInterval, broker.Time);
        while (await timer.WaitForNextTickAsync(_stopping.Token))
        {
            try
            {
                broker.Sweep();
            }
            catch (Exception fault)
            {
                LogFault(logger, fault);
            }
        }
    }

    [LoggerMessage(EventId = 1060, Level = LogLevel.Information, Message = "MQTT for everybody on this machine, without credentials, on 127.0.0.1:{Port}")]
    private static partial void LogListening(ILogger logger, int port);

    [LoggerMessage(EventId = 1062, Level = LogLevel.Error, Message = "A fault of the broker")]
    private static partial void LogFault(ILogger logger, Exception fault);

    [LoggerMessage(EventId = 1061, Level = LogLevel.Warning, Message = "No connection can be taken: {Reason}")]
    private static partial void LogAcceptFailed(ILogger logger, string reason);
}
