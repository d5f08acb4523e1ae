using Messaging.EndToEnd.Harness;

namespace Messaging.Pi.Harness;

/// <summary>The SD card: an ext4 file system in a file, which stays as it is when the power is cut.</summary>
internal static class Card
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Writes a new card: the image's tree, the test's services and <paramref name="files"/> (path on the card, path here).</summary>
    public static async Task Write(string path, string scratch, params (string Target, string Source)[] files)
    {
        var tree = Path.Combine(scratch, "tree");
        await Run("cp", "-a", "--reflink=auto", Path.Combine(Board.Image, "root"), tree);
        await Run("cp", "-r", "--no-preserve=ownership", Path.Combine(Board.Guest, "."), tree);
        Directory.CreateDirectory(Path.Combine(tree, "var/log/journal"));
        foreach (var (target, source) in files)
        {
            var place = Path.Combine(tree, target);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(source, place, overwrite: true);
        }

        await Run("mke2fs", "-q", "-t", "ext4", "-d", tree, "-F", path, "1G");
        await Run("rm", "-rf", tree);
    }

    private static async Task Run(string program, params string[] arguments)
    {
        var (code, output) = await ChildProcess.Run(program, arguments, Patience);
        if (code != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}:\n{output}");
        }
    }
}
