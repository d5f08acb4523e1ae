using Messaging.Relay.Counters;
using MQTTnet.Protocol;

namespace Messaging.Relay.Transport;

internal sealed partial class RelayChannel
{
    private readonly long _acceptedAt;
    private long _receivedAt;
    private TimeSpan _keepAlive;
    private int _holding;

    /// <summary>Looks at the clock: a late authentication, a silent client, a client that does not read.</summary>
    public void CheckDeadlines()
    {
        if (IsClosing)
        {
            return;
        }

        if (_transport.IsAbandoned())
        {
            _counters.Count(RelayCounter.PollSessionsExpired);
            Close(MqttDisconnectReasonCode.KeepAliveTimeout);
            return;
        }

        if (_phase != ChannelPhase.Connected)
        {
            if (_time.GetElapsedTime(_acceptedAt) >= _options.ConnectTimeout)
            {
                _counters.Count(RelayCounter.ConnectTimeouts);
                Close(MqttDisconnectReasonCode.NormalDisconnection);
            }

            return;
        }

        if (IsSilent)
        {
            _counters.Count(RelayCounter.KeepAliveTimeouts);
            Close(MqttDisconnectReasonCode.KeepAliveTimeout);
        }
        else if (IsWriteStuck || Outbound?.IsStalled(_options.StallTimeout) == true)
        {
            _counters.Count(RelayCounter.SlowConsumersCut);
            Close(MqttDisconnectReasonCode.QuotaExceeded);
        }
    }

    /// <summary>While the relay itself holds the client's reader back, the client's silence is not counted.</summary>
    public HoldScope Hold() => new(this);

    private bool IsSilent => Volatile.Read(ref _holding) == 0
        && _time.GetElapsedTime(Volatile.Read(ref _receivedAt)) > _keepAlive * 1.5;

    private bool IsWriteStuck => Volatile.Read(ref _writeStartedAt) is not 0 and var startedAt
        && _time.GetElapsedTime(startedAt) >= _options.StallTimeout;

    /// <summary>The keep-alive that the CONNACK of MQTT 5 states, when it is not the client's own; else 0.</summary>
    private ushort ServerKeepAlive => _keepAliveChanged ? (ushort)_keepAlive.TotalSeconds : (ushort)0;

    private bool _keepAliveChanged;

    private TimeSpan KeepAlive(ushort seconds)
    {
        var asked = TimeSpan.FromSeconds(seconds);
        _keepAliveChanged = seconds == 0 || asked > _options.MaxKeepAlive;
        return _keepAliveChanged ? _options.MaxKeepAlive : asked;
    }

    /// <summary>The time during which the relay does not read from a client.</summary>
    internal readonly struct HoldScope : IDisposable
    {
        private readonly RelayChannel _channel;

        public HoldScope(RelayChannel channel)
        {
            _channel = channel;
            Interlocked.Increment(ref channel._holding);
        }

        public void Dispose()
        {
            Volatile.Write(ref _channel._receivedAt, _channel._time.GetTimestamp());
            Interlocked.Decrement(ref _channel._holding);
        }
    }
}
