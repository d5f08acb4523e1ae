using System.Text;
using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Disks;

/// <summary>
/// Chooses from /proc/self/mounts what is worth measuring: file systems on block devices, and the few others that hold this
/// machine's data. Network file systems are left out: they are another machine's space, and asking a dead one hangs.
/// </summary>
internal static class MountTable
{
    public static IReadOnlyList<MountedFilesystem> Parse(ReadOnlySpan<byte> text)
    {
        var byDevice = new Dictionary<string, MountedFilesystem>(StringComparer.Ordinal);
        while (Fields.TryLine(ref text, out var line))
        {
            var device = Unescape(Fields.Word(ref line));
            var mountPoint = Unescape(Fields.Word(ref line));
            var type = Encoding.UTF8.GetString(Fields.Word(ref line));
            var options = Fields.Word(ref line);
            if (!IsMeasured(device, mountPoint, type))
            {
                continue;
            }

            // A device mounted in several places (bind mounts) is one space; the shortest path is its own.
            var key = device.StartsWith("/dev/", StringComparison.Ordinal) ? device : mountPoint;
            if (!byDevice.TryGetValue(key, out var known) || mountPoint.Length < known.MountPoint.Length)
            {
                byDevice[key] = new MountedFilesystem(device, mountPoint, type, IsReadOnly(options));
            }
        }

        return [.. byDevice.Values.OrderBy(m => m.MountPoint, StringComparer.Ordinal)];
    }

    private static bool IsMeasured(string device, string mountPoint, string type) => type switch
    {
        "squashfs" or "iso9660" or "udf" or "erofs" => false, // Read-only images are always full.
        "zfs" or "ubifs" or "bcachefs" or "virtiofs" => true,
        "overlay" or "tmpfs" => mountPoint is "/" or "/tmp", // As root of a read-only image or of a container; others are runtime files.
        _ => device.StartsWith("/dev/", StringComparison.Ordinal) && !type.StartsWith("fuse.snap", StringComparison.Ordinal),
    };

    private static bool IsReadOnly(ReadOnlySpan<byte> options) =>
        options.SequenceEqual("ro"u8) || options.StartsWith("ro,"u8);

    /// <summary>The kernel writes blanks, tabs, newlines and backslashes of paths as three octal digits.</summary>
    private static string Unescape(ReadOnlySpan<byte> word)
    {
        if (!word.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(word);
        }

        var bytes = new List<byte>(word.Length);
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] == (byte)'\\' && i + 3 < word.Length && IsOctal(word[i + 1]) && IsOctal(word[i + 2]) && IsOctal(word[i + 3]))
            {
                bytes.Add((byte)(((word[i + 1] - '0') << 6) | ((word[i + 2] - '0') << 3) | (word[i + 3] - '0')));
                i += 3;
            }
            else
            {
                bytes.Add(word[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static bool IsOctal(byte c) => c is >= (byte)'0' and <= (byte)'7';
}
