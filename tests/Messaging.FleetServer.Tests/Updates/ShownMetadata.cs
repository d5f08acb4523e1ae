using Messaging.FleetServer.Updates;
using Messaging.Updates.Client;

namespace Messaging.FleetServer.Tests.Updates;

/// <summary>A device of the bench: what it has been shown and keeps.</summary>
internal sealed class ShownMetadata : ITufStore, ITufFetcher
{
    private readonly Dictionary<string, byte[]> _kept = new(StringComparer.Ordinal);

    /// <summary>It begins with the first root.</summary>
    public ShownMetadata(RepositoryBench bench)
    {
        Repository = bench.Repository;
        _kept["root"] = bench.Repository.Published.File("1.root.json") ?? throw new InvalidOperationException("Nothing is published.");
    }

    public UpdateRepository Repository { get; set; }

    public byte[]? Load(string name, int maxBytes) => _kept.GetValueOrDefault(name);

    public void Replace(string name, ReadOnlySpan<byte> content) => _kept[name] = content.ToArray();

    public void Delete(string name) => _kept.Remove(name);

    public Task<Stream?> OpenAsync(TufRequest request, CancellationToken cancellation) =>
        Task.FromResult<Stream?>(Repository.Published.File(request.Path) is { } file ? new MemoryStream(file) : null);
}
