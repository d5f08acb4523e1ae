using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Server;

/// <content>The repository of updates.</content>
internal sealed partial class FleetApi
{
    private const string Octets = "application/octet-stream";

    public Task<RepositoryReply> GetRepositoryAsync(CancellationToken ct) => GetAsync("api/v1/repository", ReplyJson.Default.RepositoryReply, ct);

    /// <summary>A file as devices are shown it, by its escaped path below <c>repository/</c>; null when there is none.</summary>
    public Task<byte[]?> FindRepositoryFileAsync(string path, CancellationToken ct) => FindAsync($"api/v1/repository/{path}", ct);

    /// <summary>Copies a file as devices are shown it.</summary>
    public Task CopyRepositoryFileAsync(string path, Func<ReadOnlyMemory<byte>, ValueTask> write, CancellationToken ct) => CopyAsync($"api/v1/repository/{path}", write, ct);

    /// <summary>The draft of a role as a metadata file; null when there is none.</summary>
    public Task<byte[]?> FindDraftAsync(string role, CancellationToken ct) => FindAsync($"api/v1/repository/draft/{role}", ct);

    /// <summary>Puts something up for signatures.</summary>
    /// <param name="role">root or targets.</param>
    /// <param name="content">What is signed.</param>
    /// <param name="replaces">The digest of the draft that it was made from; null: there was none.</param>
    public async Task PutDraftAsync(string role, byte[] content, string? replaces, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Put, $"api/v1/repository/draft/{role}");
        request.Content = new ByteArrayContent(content);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation(replaces is null ? "If-None-Match" : "If-Match", replaces is null ? "*" : $"\"{replaces}\"");
        await SendAsync(_server, request, ct);
    }

    public async Task DeleteDraftAsync(string role, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Delete, $"api/v1/repository/draft/{role}");
        await SendAsync(_server, request, ct);
    }

    public async Task PutSignatureAsync(string role, string keyId, byte[] signature, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Put, $"api/v1/repository/draft/{role}/signatures/{keyId}");
        request.Content = Json(new SignatureBody(Convert.ToHexStringLower(signature)), ReplyJson.Default.SignatureBody);
        await SendAsync(_server, request, ct);
    }

    public async Task<RepositoryReply> PublishAsync(CancellationToken ct)
    {
        using var request = Request(HttpMethod.Post, "api/v1/repository/publish");
        return Read(await SendAsync(_server, request, ct), ReplyJson.Default.RepositoryReply);
    }

    public Task<PageReply<ArtifactReply>> GetArtifactsAsync(CancellationToken ct) => GetAsync("api/v1/repository/artifacts", ReplyJson.Default.PageReplyArtifactReply, ct);

    /// <summary>What the server has of an artifact; null when it has nothing.</summary>
    public async Task<ArtifactReply?> FindArtifactAsync(string sha256, CancellationToken ct) =>
        await FindAsync($"api/v1/repository/artifacts/{sha256}", ct) is { } body ? Read(body, ReplyJson.Default.ArtifactReply) : null;

    /// <summary>Sends an artifact, from some byte on.</summary>
    /// <param name="sha256">Its name.</param>
    /// <param name="file">The whole of it.</param>
    /// <param name="from">The first byte that is sent.</param>
    /// <param name="progress">Hears how far it is.</param>
    public async Task PutArtifactAsync(string sha256, Stream file, long from, Action<long> progress, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        using var request = Request(HttpMethod.Put, $"api/v1/repository/artifacts/{sha256}");
        file.Position = from;
        request.Content = new PieceContent(file, at =>
        {
            limit.CancelAfter(Patience);
            progress(at);
        });
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Octets);
        if (from > 0)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{file.Length - 1}/{file.Length}"));
        }

        await SendWithinAsync(request, _ => Task.CompletedTask, limit, ct);
    }

    /// <summary>Copies an artifact, published or not.</summary>
    public Task CopyArtifactAsync(string sha256, Func<ReadOnlyMemory<byte>, ValueTask> write, CancellationToken ct) => CopyAsync($"api/v1/repository/artifacts/{sha256}/content", write, ct);

    public async Task DeleteArtifactAsync(string sha256, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Delete, $"api/v1/repository/artifacts/{sha256}");
        await SendAsync(_server, request, ct);
    }

    /// <summary>The key of an encrypted release, by the SHA-256 of its target; null when there is none.</summary>
    public async Task<byte[]?> FindReleaseKeyAsync(string targetSha256, CancellationToken ct) =>
        await FindAsync($"api/v1/repository/keys/{targetSha256}", ct) is { } body ? Read(body, ReplyJson.Default.ReleaseKeyBody).Key : null;

    public async Task PutReleaseKeyAsync(string targetSha256, byte[] key, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Put, $"api/v1/repository/keys/{targetSha256}");
        request.Content = Json(new ReleaseKeyBody(key), ReplyJson.Default.ReleaseKeyBody);
        await SendAsync(_server, request, ct);
    }

    private static ByteArrayContent Json<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private async Task<byte[]?> FindAsync(string path, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Get, path);
        try
        {
            return await SendAsync(_server, request, ct);
        }
        catch (CliException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task CopyAsync(string path, Func<ReadOnlyMemory<byte>, ValueTask> write, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        using var request = Request(HttpMethod.Get, path);
        await SendWithinAsync(
            request,
            async response =>
            {
                await using var content = await response.Content.ReadAsStreamAsync(limit.Token);
                var block = new byte[PieceContent.Bytes];
                int read;
                while ((read = await content.ReadAsync(block, limit.Token)) > 0)
                {
                    limit.CancelAfter(Patience);
                    await write(block.AsMemory(0, read));
                }
            },
            limit,
            ct);
    }

    /// <summary>Sends what may be large: given up when no piece has moved for a while.</summary>
    private async Task SendWithinAsync(HttpRequestMessage request, Func<HttpResponseMessage, Task> read, CancellationTokenSource limit, CancellationToken ct)
    {
        try
        {
            await SendAsync(_artifacts, request, HttpCompletionOption.ResponseHeadersRead, async response =>
            {
                await read(response);
                return [];
            }, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new CliException($"{_base.Authority} did not take or send anything for {Patience.TotalSeconds} s.", ExitCodes.Unavailable);
        }
    }
}
