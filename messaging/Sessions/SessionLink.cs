using System.Buffers;
using Messaging.Wire;

namespace Messaging.Sessions;

/// <summary>
/// One side of a session once both have its keys: messages that arrive once and in order over a way that loses, repeats and reorders, with a
/// window each way. What is sent again is sealed anew under a new number. Pure but for the keys: the caller says what time it is, in
/// milliseconds of any clock that only rises. Not thread-safe.
/// </summary>
public sealed class SessionLink : IDisposable
{
    /// <summary>What each side may send before it has heard anything, in bytes (<see cref="SessionMessage.Cost"/>).</summary>
    public const long FirstWindow = 64 * 1024;

    /// <summary>Milliseconds after which an unanswered message is sent again: doubled each time, to the most.</summary>
    public const long FirstPatience = 3000;

    /// <inheritdoc cref="FirstPatience"/>
    public const long LongestPatience = 15_000;

    /// <summary>Milliseconds without a packet after which one is sent, so that the other side knows that this one is there.</summary>
    public const long KeepAlive = 20_000;

    /// <summary>A side says at once that there is room again when it is so much, or half of its window, in bytes.</summary>
    private const long RoomStep = FirstWindow;

    /// <summary>Milliseconds that an acknowledgement waits for something to travel with.</summary>
    private const long AckDelay = 20;

    /// <summary>Milliseconds in which another word that something is missing is about the same loss.</summary>
    private const long AgainPause = 1000;

    private readonly SessionKeys _keys;
    private readonly SessionCipher _seal;
    private readonly SessionCipher _open;
    private readonly long _window;
    private readonly List<SessionMessage> _outgoing = [];
    private readonly ArrayBufferWriter<byte> _plaintext = new(1024);
    private ulong _lastPacket;
    private ulong _lastPacketIn;

    /// <summary>Messages that the other side has, and so the number before that of the first outgoing one.</summary>
    private ulong _settled;
    private int _sent;
    private long _settledCost;
    private long _sentCost;
    private long _peerLimit = FirstWindow;
    private ulong _received;
    private long _receivedCost;
    private long _limit = FirstWindow;
    private long _limitTold = FirstWindow;
    private bool _again;
    private long _patience = FirstPatience;
    private long _resendAt = long.MaxValue;
    private long _ackAt = long.MaxValue;
    private long _againAt = long.MinValue;
    private long _keepAliveAt;

    /// <param name="keys">The session's; disposed with this.</param>
    /// <param name="isDevice">Which side this is.</param>
    /// <param name="window">Bytes that may be on their way to this side, at least <see cref="FirstWindow"/>.</param>
    /// <param name="now">The time in milliseconds.</param>
    public SessionLink(SessionKeys keys, bool isDevice, long window, long now)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, FirstWindow);
        _keys = keys;
        _seal = isDevice ? keys.Up : keys.Down;
        _open = isDevice ? keys.Down : keys.Up;
        _window = window;
        _limit = window;
        _ackAt = window > FirstWindow ? now : long.MaxValue;
        _keepAliveAt = isDevice ? now + KeepAlive : now;
        LastHeard = now;
    }

    /// <summary>When the last authentic packet came.</summary>
    public long LastHeard { get; private set; }

    /// <summary>Packets that were refused: changed, repeated, against the protocol.</summary>
    public long Refused { get; private set; }

    /// <summary>Bytes that wait to be sent or confirmed. Whoever has more to say waits while this is much.</summary>
    public long Outgoing { get; private set; }

    /// <summary>Whether everything that was said has arrived.</summary>
    public bool IsSettled => _outgoing.Count == 0;

    /// <summary>Whether something that was sent is not confirmed, and since when: what there is to know of a connection that is lost. Null: no.</summary>
    public long? WaitingSince { get; private set; }

    /// <summary>So many packets were sent that there is no number left: the session has to end.</summary>
    public bool IsExhausted => _lastPacket >= SessionCipher.MaxNumber;

    /// <summary>Adds a message to what is to be sent.</summary>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public void Send(SessionMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Body.Length > SessionMessage.MaxBytes)
        {
            throw new ArgumentException("A message of a session has at most 32768 bytes.", nameof(message));
        }

        _outgoing.Add(message);
        Outgoing += message.Cost;
    }

    /// <summary>The message of this cost was dealt with: as much more may come.</summary>
    public void Took(SessionMessage message, long now)
    {
        ArgumentNullException.ThrowIfNull(message);
        _limit += message.Cost;
        if (_limit - _limitTold >= Math.Min(_window / 2, RoomStep))
        {
            _ackAt = now;
        }
    }

    /// <summary>A new connection: what was sent over the last one may be lost, and the other side should know that this one is there.</summary>
    public void Reconnected(long now)
    {
        _sent = 0;
        _sentCost = _settledCost;
        _patience = FirstPatience;
        _resendAt = long.MaxValue;
        _ackAt = now;
    }

    /// <summary>A packet that arrived.</summary>
    public SessionVerdict Receive(ReadOnlySpan<byte> packet, long now, out SessionMessage? message)
    {
        var verdict = Judge(packet, now, out message);
        if (verdict is SessionVerdict.Malformed or SessionVerdict.NotAuthentic or SessionVerdict.Replayed or SessionVerdict.TooMuch)
        {
            Refused++;
        }

        return verdict;
    }

    /// <summary>The next packet to send now; null when there is none.</summary>
    public byte[]? Next(long now)
    {
        if (now >= _resendAt && _sent > 0)
        {
            _sent = 0;
            _sentCost = _settledCost;
            _patience = Math.Min(_patience * 2, LongestPatience);
            _resendAt = long.MaxValue;
        }

        var hasMessage = MaySend;
        if (IsExhausted || (!hasMessage && now < _ackAt && now < _keepAliveAt))
        {
            return null;
        }

        SessionMessage? message = null;
        if (hasMessage)
        {
            message = _outgoing[_sent++];
            _sentCost += message.Cost;
            WaitingSince ??= now;
            if (_resendAt == long.MaxValue)
            {
                _resendAt = now + _patience;
            }
        }

        Write(message);
        _ackAt = long.MaxValue;
        _limitTold = _limit;
        _keepAliveAt = now + KeepAlive;
        return _seal.Seal(++_lastPacket, _plaintext.WrittenSpan);
    }

    /// <summary>When <see cref="Next"/> has something at the latest, if nothing happens before.</summary>
    public long NextAt => MaySend ? long.MinValue : Math.Min(Math.Min(_ackAt, _keepAliveAt), _sent > 0 ? _resendAt : long.MaxValue);

    private bool MaySend => _sent < _outgoing.Count && _sentCost + _outgoing[_sent].Cost <= _peerLimit;

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

    private SessionVerdict Judge(ReadOnlySpan<byte> packet, long now, out SessionMessage? message)
    {
        message = null;
        if (packet.Length > WireLimits.MaxSessionPacketBytes || !SessionCipher.TryReadNumber(packet, out var number))
        {
            return SessionVerdict.Malformed;
        }

        var plaintext = new byte[packet.Length - SessionCipher.HeaderBytes - WireLimits.TagBytes];
        if (!_open.TryOpen(number, packet, plaintext))
        {
            return SessionVerdict.NotAuthentic;
        }

        // After opening, so that a forgery is counted as one whatever number it has.
        if (number <= _lastPacketIn)
        {
            return SessionVerdict.Replayed;
        }

        _lastPacketIn = number;
        var reader = new CborReader(plaintext);
        if (!reader.TryReadArray(4)
            || !reader.TryReadUInt64(out var received, _settled + (ulong)_outgoing.Count)
            || !reader.TryReadUInt64(out var limit, long.MaxValue)
            || !reader.TryReadBoolean(out var again))
        {
            return SessionVerdict.Malformed;
        }

        var hasMessage = !reader.TryReadNull();
        var messageNumber = 0UL;
        var kind = 0;
        ReadOnlySpan<byte> body = default;
        if ((hasMessage && (!reader.TryReadArray(3)
                || !reader.TryReadUInt64(out messageNumber)
                || messageNumber == 0
                || !reader.TryReadInt32(out kind, byte.MaxValue)
                || !reader.TryReadBytes(out body, SessionMessage.MaxBytes)))
            || !reader.AtEnd)
        {
            return SessionVerdict.Malformed;
        }

        LastHeard = now;
        Settle(received, (long)limit, again, now);
        return hasMessage ? Take(messageNumber, kind, plaintext.AsMemory(plaintext.Length - body.Length), now, out message) : SessionVerdict.NoMessage;
    }

    private void Settle(ulong received, long limit, bool again, long now)
    {
        _peerLimit = Math.Max(_peerLimit, limit);
        var settled = received > _settled ? (int)(received - _settled) : 0;
        for (var i = 0; i < settled; i++)
        {
            Outgoing -= _outgoing[i].Cost;
            _settledCost += _outgoing[i].Cost;
        }

        if (settled > 0)
        {
            _outgoing.RemoveRange(0, settled);
            _settled += (ulong)settled;
            _sent = Math.Max(0, _sent - settled);
            _sentCost = Math.Max(_sentCost, _settledCost);
            _patience = FirstPatience;
            WaitingSince = _sent > 0 ? now : null;
            _resendAt = _sent > 0 ? now + _patience : long.MaxValue;
        }

        if (again && _sent > 0 && now >= _againAt)
        {
            _sent = 0;
            _sentCost = _settledCost;
            _resendAt = long.MaxValue;
            _againAt = now + AgainPause;
        }
    }

    private SessionVerdict Take(ulong number, int kind, ReadOnlyMemory<byte> body, long now, out SessionMessage? message)
    {
        message = null;
        if (number <= _received)
        {
            _ackAt = now;
            return SessionVerdict.Known;
        }

        if (number > _received + 1)
        {
            _ackAt = now;
            _again = true;
            return SessionVerdict.TooEarly;
        }

        var next = new SessionMessage((SessionMessageKind)kind, body);
        if (_receivedCost + next.Cost > _limit)
        {
            return SessionVerdict.TooMuch;
        }

        _received = number;
        _receivedCost += next.Cost;
        _again = false;
        _ackAt = Math.Min(_ackAt, now + AckDelay);
        message = next;
        return SessionVerdict.Message;
    }

    private void Write(SessionMessage? message)
    {
        _plaintext.ResetWrittenCount();
        var writer = new CborWriter(_plaintext);
        writer.WriteArrayHead(4);
        writer.WriteUInt64(_received);
        writer.WriteUInt64((ulong)_limit);
        writer.WriteBoolean(_again);
        if (message is null)
        {
            writer.WriteNull();
            return;
        }

        writer.WriteArrayHead(3);
        writer.WriteUInt64(_settled + (ulong)_sent);
        writer.WriteUInt64((ulong)message.Kind);
        writer.WriteBytes(message.Body.Span);
    }
}
