using System.Security.Cryptography;

namespace Messaging.Agent.Uplink;

internal static class Jitter
{
    /// <summary>0 to 1.</summary>
    public static double Next() => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
}
