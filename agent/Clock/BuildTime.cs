using System.Globalization;
using System.Reflection;

namespace Messaging.Agent.Clock;

/// <summary>When this program was built, as far as the build says; no device runs it before that.</summary>
internal static class BuildTime
{
    private const string Key = "BuildUnixSeconds";

    /// <summary>Unix milliseconds.</summary>
    public static long UnixMs { get; } = 1000 * long.Parse(
        typeof(BuildTime).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == Key).Value!,
        CultureInfo.InvariantCulture);
}
