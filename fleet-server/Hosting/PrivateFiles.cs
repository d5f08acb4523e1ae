using System.Runtime.InteropServices;

namespace Messaging.FleetServer.Hosting;

/// <summary>Makes every file that this process creates private to its user: databases and sockets, too, whose makers do not ask.</summary>
internal static class PrivateFiles
{
    private const uint GroupAndOthers = 0b000_111_111;

    public static void Always()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = UMask(GroupAndOthers);
        }
    }

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint UMask(uint mask);
}
