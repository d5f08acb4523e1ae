using Messaging.Updates;
using Messaging.Updates.Client;
using Messaging.Updates.Keys;

namespace Messaging.FleetServer.Updates.Metadata;

/// <summary>Has the client that devices use read what is about to be published: nothing is shown that it would refuse.</summary>
/// <param name="published">What devices are shown now.</param>
/// <param name="next">The files that will be there besides.</param>
/// <param name="time">The clock.</param>
internal sealed class Rehearsal(PublishedMetadata published, IReadOnlyList<(string Name, byte[] Content)> next, TimeProvider time) : ITufFetcher
{
    private static readonly ITufScheme[] Schemes = [new P256Scheme()];

    /// <summary>Null, or why a device would refuse it.</summary>
    public async Task<TufException?> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A device of long ago that has only the first root, and one that has all that is shown now.
            await UpdateAsync(new Kept((MetadataNames.Root, File(MetadataNames.File(MetadataNames.Root, 1))!)), cancellationToken);
            if (published.Exists)
            {
                await UpdateAsync(
                    new Kept(
                        (MetadataNames.Root, published.Trust!.Roots[^1]),
                        (MetadataNames.Timestamp, published.File(MetadataNames.TimestampFile)!),
                        (MetadataNames.Snapshot, published.File(MetadataNames.File(MetadataNames.Snapshot, published.Snapshot!.Version))!),
                        (MetadataNames.Targets, published.File(MetadataNames.File(MetadataNames.Targets, published.Targets!.Version))!)),
                    cancellationToken);
            }

            return null;
        }
        catch (TufException e)
        {
            return e;
        }
    }

    Task<Stream?> ITufFetcher.OpenAsync(TufRequest request, CancellationToken cancellation) =>
        Task.FromResult<Stream?>(File(request.Path) is { } file ? new MemoryStream(file, writable: false) : null);

    private Task UpdateAsync(Kept store, CancellationToken cancellationToken) => new TufClient(new TufOptions(store, this, Schemes, time)).RefreshAsync(cancellationToken);

    private byte[]? File(string name) => next.FirstOrDefault(one => one.Name == name).Content ?? published.File(name);

    /// <summary>What the device has, in memory.</summary>
    private sealed class Kept(params (string Name, byte[] Content)[] files) : ITufStore
    {
        private readonly Dictionary<string, byte[]> _files = files.ToDictionary(static one => one.Name, static one => one.Content, StringComparer.Ordinal);

        public byte[]? Load(string name, int maxBytes) => _files.TryGetValue(name, out var content) && content.Length <= maxBytes ? content : null;

        public void Replace(string name, ReadOnlySpan<byte> content) => _files[name] = content.ToArray();

        public void Delete(string name) => _files.Remove(name);
    }
}
