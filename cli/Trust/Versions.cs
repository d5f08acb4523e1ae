using Messaging.Cli.Hosting;
using Messaging.Trust;

namespace Messaging.Cli.Trust;

internal static class Versions
{
    /// <summary>The next root's version.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static ulong After(RootContent root) => root.Version < ulong.MaxValue
        ? root.Version + 1
        : throw new CliException("The root has the highest version that there is. The fleet has to be begun anew.");
}
