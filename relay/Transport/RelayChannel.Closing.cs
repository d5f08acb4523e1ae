using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Transport;

internal sealed partial class RelayChannel
{
    /// <summary>How long a DISCONNECT may wait for its turn.</summary>
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(1);

    /// <summary>How long a peer may take to read what was sent last.</summary>
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(4);

    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource<Task> _farewell = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _closing;

    /// <summary>True as soon as the connection is to end: nothing more is taken from it.</summary>
    public bool IsClosing => Volatile.Read(ref _closing) != 0;

    /// <summary>
    /// Ends the connection. From here on no packet of it is looked at; a client of MQTT 5 is told why if it listens.
    /// The first reason counts.
    /// </summary>
    public void Close(MqttDisconnectReasonCode reason, TimeSpan? returnAfter = null)
    {
        if (Interlocked.Exchange(ref _closing, 1) == 0)
        {
            _farewell.SetResult(FarewellAsync(reason, returnAfter));
            _ = AbortLaterAsync();
        }
    }

    /// <summary>The broker is done with the connection.</summary>
    public Task DisconnectAsync(CancellationToken cancellationToken)
    {
        Close(MqttDisconnectReasonCode.NormalDisconnection);
        return Task.CompletedTask;
    }

    /// <summary>Waits until the last words are written. The transport may be left to send them afterwards.</summary>
    public async Task EndAsync()
    {
        Close(MqttDisconnectReasonCode.NormalDisconnection);
        await await _farewell.Task;
        await _pump;
        Outbound?.Dispose();
    }

    public void Dispose()
    {
        // The writer lock and the token have no handles to free, and late callers may still ask for them.
    }

    private async Task FarewellAsync(MqttDisconnectReasonCode reason, TimeSpan? returnAfter)
    {
        // The caller may hold locks or be the writer itself.
        await Task.Yield();
        try
        {
            await TrySayWhyAsync(reason, returnAfter);
        }
        finally
        {
            await _closed.CancelAsync();
            _transport.Input.CancelPendingRead();
        }
    }

    private async Task AbortLaterAsync()
    {
        // A peer that does not read cannot keep the connection half open.
        await Task.Delay(LingerTime, _time);
        _transport.Abort();
    }

    private async Task TrySayWhyAsync(MqttDisconnectReasonCode reason, TimeSpan? returnAfter)
    {
        if (_phase != ChannelPhase.Connected
            || reason == MqttDisconnectReasonCode.NormalDisconnection
            || !IsVersion5)
        {
            return;
        }

        using var limit = new CancellationTokenSource(FarewellTime, _time);
        try
        {
            var packet = new MqttDisconnectPacket { ReasonCode = reason };
            packet.UserProperties = returnAfter is { } time ? ConnAckTerms.ReturnAfter(time) : packet.UserProperties;
            await WriteAsync(packet, limit.Token);
        }
        catch (Exception exception) when (IsEndOfConnection(exception))
        {
            // It was a courtesy.
        }
    }

    /// <summary>What reading and writing throw when a connection has ended, whoever ended it.</summary>
    private static bool IsEndOfConnection(Exception exception) =>
        exception is OperationCanceledException or IOException or ObjectDisposedException;
}
