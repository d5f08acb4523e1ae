using Messaging.Updates.Client;

namespace Messaging.Agent.Updates.Root;

/// <summary>The metadata that the agent lays down, as a repository.</summary>
internal sealed class LaidDownMetadata(IAgentFolder folder) : ITufFetcher
{
    public Task<Stream?> OpenAsync(TufRequest request, CancellationToken cancellation) =>
        Task.FromResult<Stream?>(folder.Metadata(Kept(request.Path), (int)Math.Min(request.MaxBytes + 1, int.MaxValue)) is { } content ? new MemoryStream(content) : null);

    /// <summary>Only roots are kept under their version: <c>3.snapshot.json</c> is what is there as <c>snapshot.json</c>, if that is it.</summary>
    private static string Kept(string file)
    {
        var dot = file.IndexOf('.', StringComparison.Ordinal);
        return file.EndsWith(".root.json", StringComparison.Ordinal) || !long.TryParse(file.AsSpan(0, Math.Max(dot, 0)), out _) ? file : file[(dot + 1)..];
    }
}
