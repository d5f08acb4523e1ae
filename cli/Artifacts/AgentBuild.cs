using Messaging.Updates.Releases;

namespace Messaging.Cli.Artifacts;

/// <summary>
/// Which build of the agent a file is. The one that compiles while it runs begins with .NET's loader for programs that bring their runtime along, in which the loader finds its files behind a number of 32 bytes
/// (SHA-256 of ".net core bundle"); native code has none.
/// </summary>
internal static class AgentBuild
{
    private const int ChunkBytes = 1024 * 1024;

    private static ReadOnlySpan<byte> Bundle =>
    [
        0x8b, 0x12, 0x02, 0xb9, 0x6a, 0x61, 0x20, 0x38, 0x72, 0x7b, 0x93, 0x02, 0x14, 0xd7, 0xa0, 0x32,
        0x13, 0xf5, 0xb9, 0xe6, 0xef, 0xae, 0x33, 0x18, 0xee, 0x3b, 0x2d, 0xce, 0x24, 0xb3, 0x6a, 0xae,
    ];

    /// <summary>One of the builds of <see cref="Release"/>; null: it is no executable.</summary>
    public static string? Of(string path)
    {
        if (ElfMachine.Of(path) is null)
        {
            return null;
        }

        using var file = File.OpenRead(path);
        var buffer = new byte[ChunkBytes];
        var kept = 0;
        while (file.Read(buffer, kept, buffer.Length - kept) is > 0 and var read)
        {
            var there = buffer.AsSpan(0, kept + read);
            if (there.IndexOf(Bundle) >= 0)
            {
                return Release.TrimmedBuild;
            }

            // It may lie across two reads.
            kept = Math.Min(there.Length, Bundle.Length - 1);
            there[^kept..].CopyTo(buffer);
        }

        return Release.NativeBuild;
    }
}
