using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Legacy.Udp;

/// <summary>
/// The UDP bridge: one datagram a request. One loop receives; a datagram that finds no place to be worked on is dropped, so that strangers
/// make neither work nor memory without bound.
/// </summary>
internal sealed partial class UdpBridge(
    UdpCalls calls, LegacyCounters counters, LegacyOptions options, ILogger<UdpBridge> logger) : BackgroundService
{
    /// <summary>Faults in a row after which the socket is given up.</summary>
    private const int MaxFaults = 100;

    private readonly SemaphoreSlim _places = new(options.MaxUdpWork);
    private Socket? _socket;
    private int _bytes;

    /// <summary>Where it listens; null: nowhere.</summary>
    public IPEndPoint? LocalEndPoint => _socket?.LocalEndPoint as IPEndPoint;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Udp is { } local)
        {
            _socket = Bind(local);
            LogOn(logger, _socket.LocalEndPoint);
        }

        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);

        // What was begun ends by the same token.
        for (var i = 0; i < options.MaxUdpWork && _socket is not null; i++)
        {
            await _places.WaitAsync(cancellationToken);
        }

        _socket?.Dispose();
        _socket = null;
    }

    public override void Dispose()
    {
        _socket?.Dispose();
        _places.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_socket is not { } socket)
        {
            return;
        }

        var buffer = GC.AllocateUninitializedArray<byte>(ushort.MaxValue);
        var anybody = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        for (var faults = 0; faults < MaxFaults && !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                var received = await socket.ReceiveFromAsync(buffer, anybody, stoppingToken);
                faults = 0;
                Take(socket, buffer.AsSpan(0, received.ReceivedBytes), (IPEndPoint)received.RemoteEndPoint, stoppingToken);
            }
            catch (SocketException e)
            {
                faults++;
                LogFault(logger, e.SocketErrorCode, faults == MaxFaults ? "The bridge ends; a restart begins it again" : "It goes on");
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                LogOff(logger);
                return;
            }
        }
    }

    private void Take(Socket socket, ReadOnlySpan<byte> datagram, IPEndPoint remote, CancellationToken stoppingToken)
    {
        if (Volatile.Read(ref _bytes) + datagram.Length > options.MaxUdpWorkBytes || !_places.Wait(TimeSpan.Zero, CancellationToken.None))
        {
            counters.Dropped();
            return;
        }

        Interlocked.Add(ref _bytes, datagram.Length);
        _ = FinishAsync(socket, Begin(datagram, remote, stoppingToken), datagram.Length, remote, stoppingToken);
    }

    /// <summary>No datagram ends the loop, whatever is in it.</summary>
    private Task<byte[]?> Begin(ReadOnlySpan<byte> datagram, IPEndPoint remote, CancellationToken stoppingToken)
    {
        try
        {
            return calls.RunAsync(datagram, remote, stoppingToken);
        }
        catch (Exception exception)
        {
            return Task.FromException<byte[]?>(exception);
        }
    }

    private async Task FinishAsync(Socket socket, Task<byte[]?> call, int bytes, IPEndPoint remote, CancellationToken stoppingToken)
    {
        try
        {
            if (await call is { } answer)
            {
                await socket.SendToAsync(answer, remote, stoppingToken);
            }
        }
        catch (SocketException)
        {
            // The address cannot be reached, which is its own affair.
            counters.Withheld();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            counters.Dropped();
        }
        catch (Exception exception)
        {
            // Nobody awaits it, and one datagram is not the relay's end.
            LogFailed(logger, exception);
        }
        finally
        {
            Interlocked.Add(ref _bytes, -bytes);
            _places.Release();
        }
    }

    /// <exception cref="IOException">The port is taken, or the address is not of this machine.</exception>
    private static Socket Bind(IPEndPoint local)
    {
        var address = local.Address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6 ? IPAddress.Any : local.Address;
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address, local.Port));
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"The legacy profile's UDP bridge cannot listen on {local}: {e.Message}", e);
        }
    }

    [LoggerMessage(EventId = 1095, Level = LogLevel.Warning, Message = "The legacy profile's UDP bridge is on, at {Local}, without TLS: who is on the way sees which session sends what to whom")]
    private static partial void LogOn(ILogger logger, EndPoint? local);

    [LoggerMessage(EventId = 1096, Level = LogLevel.Warning, Message = "The legacy profile's UDP bridge could not receive: {Error}. {What}")]
    private static partial void LogFault(ILogger logger, SocketError error, string what);

    [LoggerMessage(EventId = 1097, Level = LogLevel.Information, Message = "The legacy profile's UDP bridge is off")]
    private static partial void LogOff(ILogger logger);

    [LoggerMessage(EventId = 1098, Level = LogLevel.Error, Message = "A datagram of the legacy profile could not be worked on")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
