using System.Net;
using System.Runtime.InteropServices;
using Messaging.Relay.Limits;

namespace Messaging.Relay.Legacy.Udp;

/// <summary>
/// How much an address is sent in a second: who sends a datagram may have written any address as its own, and answers are larger than
/// requests. Thread safe.
/// </summary>
internal sealed class AnswerLimit(LegacyOptions options, TimeProvider time)
{
    /// <summary>Addresses that are remembered; more get nothing until the next second.</summary>
    private const int MaxAddresses = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<AddressKey, Sent> _sent = [];
    private long _begunAt = time.GetTimestamp();

    /// <summary>Whether so many bytes may go to an address now.</summary>
    public bool TryTake(IPEndPoint remote, int bytes)
    {
        if (AddressKey.Of(remote) is not { } key)
        {
            return false;
        }

        lock (_gate)
        {
            if (time.GetElapsedTime(_begunAt) >= Window)
            {
                _sent.Clear();
                _begunAt = time.GetTimestamp();
            }

            var sent = _sent.GetValueOrDefault(key);
            if (sent.Answers >= options.UdpAnswersPerSecond || sent.Bytes + bytes > options.UdpBytesPerSecond || (sent.Answers == 0 && _sent.Count >= MaxAddresses))
            {
                return false;
            }

            _sent[key] = new Sent(sent.Answers + 1, sent.Bytes + bytes);
            return true;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Sent(int Answers, int Bytes);
}
