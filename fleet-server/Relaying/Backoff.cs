using System.Security.Cryptography;

namespace Messaging.FleetServer.Relaying;

/// <summary>Doubling waits with full jitter in their upper half, so that many who lost the same peer do not return as one.</summary>
internal sealed class Backoff(TimeSpan shortest, TimeSpan longest)
{
    private int _failures;

    public void Reset() => _failures = 0;

    public TimeSpan Next()
    {
        var wait = Math.Min(shortest.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 30)), longest.TotalMilliseconds);
        var jitter = RandomNumberGenerator.GetInt32(500, 1001) / 1000.0;
        return TimeSpan.FromMilliseconds(wait * jitter);
    }
}
