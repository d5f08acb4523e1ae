using System.Runtime.CompilerServices;

namespace Messaging.Agent.Tests.Support;

/// <summary>What is installed beside the agent.</summary>
internal static class FirmwareFolder
{
    public static string Path { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(Here(), "../../../firmware-scripts"));

    private static string Here([CallerFilePath] string here = "") => System.IO.Path.GetDirectoryName(here)!;
}
