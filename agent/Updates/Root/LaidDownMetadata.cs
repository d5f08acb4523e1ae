using Messaging.Agent.Local;
using Messaging.Updates.Client;

namespace Messaging.Agent.Updates.Root;

/// <summary>
/// The metadata that the agent lays down, as a repository: it is believed as little as any mirror. Links are not followed, for who lays them down is not root.
/// </summary>
internal sealed class LaidDownMetadata(string folder) : ITufFetcher
{
    public Task<Stream?> OpenAsync(TufRequest request, CancellationToken cancellation) =>
        Task.FromResult<Stream?>(Read(Kept(request.Path), (int)Math.Min(request.MaxBytes + 1, int.MaxValue)) is { } content ? new MemoryStream(content) : null);

    /// <summary>A file of the folder; null when there is none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[]? Read(string name, int maxBytes)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            return null;
        }

        return NoFollowFile.TryRead(path, maxBytes, out var content) is { } problem ? throw new IOException($"{path}: {problem}") : content;
    }

    /// <summary>Only roots are kept under their version: <c>3.snapshot.json</c> is what is there as <c>snapshot.json</c>, if that is it.</summary>
    private static string Kept(string file)
    {
        var dot = file.IndexOf('.', StringComparison.Ordinal);
        return file.EndsWith(".root.json", StringComparison.Ordinal) || !long.TryParse(file.AsSpan(0, Math.Max(dot, 0)), out _) ? file : file[(dot + 1)..];
    }
}
