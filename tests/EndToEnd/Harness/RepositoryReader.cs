using System.Net;
using Messaging.Updates.Client;
using Messaging.Updates.Keys;
using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;

namespace Messaging.EndToEnd.Harness;

/// <summary>A device with our TUF client: it begins with the first root, and keeps what it has trusted.</summary>
/// <param name="url">The repository.</param>
internal sealed class RepositoryReader(string url) : ITufFetcher, ITufStore, IDisposable
{
    private readonly HttpClient _http = new();
    private readonly Dictionary<string, byte[]> _kept = new(StringComparer.Ordinal);
    private TufClient? _client;

    /// <summary>What is shown now.</summary>
    public async Task<TargetsMetadata> Targets()
    {
        await Refresh();
        return TargetsMetadata.Parse(_kept["targets"]);
    }

    public async Task<TargetFile> Find(string path) => await (await Refresh()).FindAsync(path, TestContext.Current.CancellationToken);

    public async Task<byte[]> Download(string path)
    {
        var client = await Refresh();
        using var content = new MemoryStream();
        await client.DownloadAsync(await client.FindAsync(path, TestContext.Current.CancellationToken), content, TestContext.Current.CancellationToken);
        return content.ToArray();
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Decrypts a release as section 29 of the protocol says.</summary>
    public static byte[] Open(byte[] sealedContent, byte[] key, string target)
    {
        using var cipher = new ContentCipher(key, target);
        using var content = new MemoryStream();
        var piece = new byte[ContentCipher.PieceBytes];
        for (var at = 0; at < sealedContent.Length;)
        {
            var length = Math.Min(ContentCipher.PieceBytes + ContentCipher.TagBytes, sealedContent.Length - at);
            Assert.True(cipher.TryOpen(sealedContent.AsSpan(at, length), at + length == sealedContent.Length, piece));
            content.Write(piece, 0, length - ContentCipher.TagBytes);
            at += length;
        }

        return content.ToArray();
    }

    public async Task<Stream?> OpenAsync(TufRequest request, CancellationToken cancellation)
    {
        using var response = await _http.GetAsync($"{url}/{(request.IsTarget ? "targets" : "metadata")}/{request.Path}", cancellation);
        return response.StatusCode == HttpStatusCode.NotFound ? null
            : response.IsSuccessStatusCode ? new MemoryStream(await response.Content.ReadAsByteArrayAsync(cancellation))
            : throw new IOException($"{request.Path}: {response.StatusCode}");
    }

    public byte[]? Load(string name, int maxBytes) => _kept.GetValueOrDefault(name);

    public void Replace(string name, ReadOnlySpan<byte> content) => _kept[name] = content.ToArray();

    public void Delete(string name) => _kept.Remove(name);

    private async Task<TufClient> Refresh()
    {
        if (!_kept.ContainsKey("root"))
        {
            _kept["root"] = await _http.GetByteArrayAsync($"{url}/metadata/1.root.json", TestContext.Current.CancellationToken);
        }

        _client ??= new TufClient(new TufOptions(this, this, [new P256Scheme()], TimeProvider.System));
        await _client.RefreshAsync(TestContext.Current.CancellationToken);
        return _client;
    }
}
