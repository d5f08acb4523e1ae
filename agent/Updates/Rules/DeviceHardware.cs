using System.Runtime.InteropServices;
using System.Text;
using Messaging.Agent.Configuration;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates.Rules;

/// <summary>What this device is, in the tags of releases: what its owner says, the system and processor of its agent, and what its board calls itself.</summary>
internal static class DeviceHardware
{
    private const string Board = "/proc/device-tree/compatible";
    private const int MaxBoardBytes = 4096;

    public static IReadOnlyList<string> Tags(UpdateOptions options)
    {
        var tags = new List<string>(options.HardwareList()) { "linux-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant() };
        foreach (var name in Encoding.UTF8.GetString(ReadBoard()).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name.ToLowerInvariant() is var tag && ReleaseText.IsHardware(tag))
            {
                tags.Add(tag);
            }
        }

        return tags;
    }

    private static byte[] ReadBoard()
    {
        try
        {
            // Of the kernel, which says no length.
            return File.Exists(Board) && File.ReadAllBytes(Board) is { Length: <= MaxBoardBytes } board ? board : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A board that does not say what it is has no such tags.
            return [];
        }
    }
}
