using Messaging.EndToEnd.Harness;

namespace Messaging.Pi.Harness;

/// <summary>What run.sh has prepared.</summary>
internal static class Board
{
    /// <summary>Gets the agent in a later version, for updates; MESSAGING_PI_NEXT has % where the version stands.</summary>
    public static string Next(string version) => Required("MESSAGING_PI_NEXT").Replace("%", version, StringComparison.Ordinal);

    /// <summary>Gets the folder that image.sh has filled: kernel, initrd.gz, board.dtb, root.</summary>
    public static string Image { get; } = Required("MESSAGING_PI_IMAGE");

    /// <summary>Gets the agent's Debian package for arm64.</summary>
    public static string Package { get; } = Required("MESSAGING_PI_PACKAGE");

    /// <summary>Gets a value indicating whether the package holds the build that is compiled ahead of time.</summary>
    public static bool IsNative => Path.GetFileName(Package).StartsWith("messaging-agent-aot_", StringComparison.Ordinal);

    /// <summary>Gets how many power cuts are made.</summary>
    public static int Cuts { get; } = int.Parse(Environment.GetEnvironmentVariable("MESSAGING_PI_CUTS") ?? "20", System.Globalization.CultureInfo.InvariantCulture);

    public static string Guest => Path.Combine(Repository.Root, "tests", "pi", "guest");

    private static string Required(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set: these tests are started by tests/pi/run.sh.");
}
