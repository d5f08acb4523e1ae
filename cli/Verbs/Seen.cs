using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Trust;

namespace Messaging.Cli.Verbs;

internal static class Seen
{
    /// <summary>What this machine has seen is kept beside the configuration.</summary>
    public static SeenTrust Of(CommonOptions common, ParseResult parsed) => new(Path.Combine(common.File(parsed).Folder, "trust"));
}
