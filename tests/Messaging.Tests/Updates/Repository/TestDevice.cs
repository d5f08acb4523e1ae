using Messaging.Updates;
using Messaging.Updates.Client;
using Messaging.Updates.Keys;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Tests.Updates.Repository;

/// <summary>A client of a <see cref="TestRepository"/>: its store, what it asked for, and what it is sent instead.</summary>
internal sealed class TestDevice : ITufStore, ITufFetcher
{
    private readonly TestRepository _repository;

    public TestDevice(TestRepository repository)
    {
        _repository = repository;
        Kept["root"] = repository.Metadata["1.root.json"];
    }

    public Dictionary<string, byte[]> Kept { get; } = new(StringComparer.Ordinal);

    public List<string> Asked { get; } = [];

    /// <summary>How much of each file was asked for.</summary>
    public Dictionary<string, long> MostBytes { get; } = new(StringComparer.Ordinal);

    /// <summary>What is sent instead of a file.</summary>
    public Dictionary<string, Func<Stream>> Instead { get; } = new(StringComparer.Ordinal);

    public FakeTimeProvider Time { get; } = new(TestRepository.Now);

    public TufLimits Limits { get; set; } = new();

    public IReadOnlyList<ITufScheme> Schemes { get; set; } = [new P256Scheme()];

    public TufClient Client() => new(new TufOptions(this, this, Schemes, Time) { Limits = Limits });

    public byte[]? Load(string name, int maxBytes) => Kept.TryGetValue(name, out var content) && content.Length <= maxBytes ? content : null;

    public void Replace(string name, ReadOnlySpan<byte> content) => Kept[name] = content.ToArray();

    public void Delete(string name) => Kept.Remove(name);

    public Task<Stream?> OpenAsync(TufRequest request, CancellationToken cancellation)
    {
        Asked.Add(request.Path);
        MostBytes[request.Path] = request.MaxBytes;
        if (Instead.TryGetValue(request.Path, out var other))
        {
            return Task.FromResult<Stream?>(other());
        }

        var file = request.IsTarget
            ? _repository.Targets.GetValueOrDefault(Uri.UnescapeDataString(request.Path))
            : _repository.Metadata.GetValueOrDefault(request.Path);
        return Task.FromResult<Stream?>(file is null ? null : new MemoryStream(file));
    }
}
