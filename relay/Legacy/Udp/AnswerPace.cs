using System.Runtime.InteropServices;
using Messaging.Relay.Limits;

namespace Messaging.Relay.Legacy.Udp;

/// <summary>
/// How much an address is sent in a second; what is more waits for the next one. Whoever was at an address once and writes it into
/// datagrams from elsewhere makes no flood of it. Thread safe.
/// </summary>
internal sealed class AnswerPace(LegacyOptions options, TimeProvider time)
{
    /// <summary>Addresses that are remembered; more get nothing until the next second.</summary>
    private const int MaxAddresses = 10_000;

    /// <summary>Seconds that an answer waits at most.</summary>
    private const int MaxWindows = 3;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<AddressKey, Sent> _sent = [];
    private long _begunAt = time.GetTimestamp();

    /// <summary>Waits until so many bytes may go to an address.</summary>
    /// <returns>False: too much waits for it already.</returns>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    public async Task<bool> WaitAsync(AddressKey address, int bytes, CancellationToken cancellationToken)
    {
        for (var i = 0; i < MaxWindows; i++)
        {
            if (TryTake(address, bytes) is not { } wait)
            {
                return true;
            }

            await Task.Delay(wait, time, cancellationToken);
        }

        return TryTake(address, bytes) is null;
    }

    /// <returns>Null: it may go; else when to ask again.</returns>
    private TimeSpan? TryTake(AddressKey address, int bytes)
    {
        lock (_gate)
        {
            var elapsed = time.GetElapsedTime(_begunAt);
            if (elapsed >= Window)
            {
                _sent.Clear();
                _begunAt = time.GetTimestamp();
                elapsed = TimeSpan.Zero;
            }

            var sent = _sent.GetValueOrDefault(address);
            if (sent.Answers >= options.UdpAnswersPerSecond || sent.Bytes + bytes > options.UdpBytesPerSecond || (sent.Answers == 0 && _sent.Count >= MaxAddresses))
            {
                return Window - elapsed;
            }

            _sent[address] = new Sent(sent.Answers + 1, sent.Bytes + bytes);
            return null;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Sent(int Answers, int Bytes);
}
