using Messaging.Updates;
using Messaging.Updates.Client;
using Messaging.Updates.Metadata;

namespace Messaging.TufConformance;

/// <summary>Targets that were downloaded, one file each, named after their escaped paths.</summary>
internal sealed class TargetFolder(string folder)
{
    private const int BlockBytes = 64 * 1024;

    /// <summary>Whether the target is there already, and is what it must be.</summary>
    public bool Has(TargetFile target)
    {
        if (!File.Exists(PathOf(target)))
        {
            return false;
        }

        using var verifier = new TargetVerifier(target);
        using var file = File.OpenRead(PathOf(target));
        var block = new byte[BlockBytes];
        try
        {
            while (file.Read(block) is var read and > 0)
            {
                verifier.Append(block.AsSpan(0, read));
            }

            verifier.Finish();
            return true;
        }
        catch (TufException)
        {
            // An older one of the same name.
            return false;
        }
    }

    /// <summary>Puts the target in its place when all of it was right.</summary>
    public async Task DownloadAsync(TufClient client, TargetFile target, CancellationToken cancellation)
    {
        var temporary = PathOf(target) + ".new";
        try
        {
            await using (var file = File.Create(temporary))
            {
                await client.DownloadAsync(target, file, cancellation);
            }

            File.Move(temporary, PathOf(target), overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private string PathOf(TargetFile target) => Path.Combine(folder, Uri.EscapeDataString(target.Path));
}
