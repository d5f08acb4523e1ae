using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Messaging.Crypto;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Tests.Harness;
using Messaging.FleetServer.Trust;
using Messaging.FleetServer.Updates;
using Messaging.Trust;
using Messaging.Updates.Repository;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.FleetServer.Tests.Updates;

/// <summary>A whole server whose fleet an owner has taken over, and the owner's programs that publish there, over HTTP alone.</summary>
internal sealed class FleetRepository : IAsyncDisposable
{
    private const string Base = "/api/v1/repository";

    private FleetRepository(WholeServer server) => Server = server;

    public WholeServer Server { get; }

    public FleetOwner Owner { get; } = new();

    public ApiClient Operator { get; private set; } = null!;

    /// <summary>Somebody without a token.</summary>
    public ApiClient Anybody { get; private set; } = null!;

    public static async Task<FleetRepository> StartAsync(RepositoryLimits? limits = null)
    {
        var fleet = new FleetRepository(new WholeServer { Services = services => services.AddSingleton(limits ?? new RepositoryLimits()) });
        await fleet.Server.InitializeAsync();
        var trust = fleet.Server.Get<ITrustService>();
        Assert.Equal(TrustVerdict.Applied, await trust.TakeAsync(fleet.Owner.TakeOver(trust.Trust), TestContext.Current.CancellationToken));
        fleet.Operator = await fleet.Server.With(OperatorRole.Operator);
        fleet.Anybody = new ApiClient(fleet.Server.Address);
        return fleet;
    }

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Uploads the whole, or the end of an artifact.</summary>
    public async Task<ApiAnswer> UploadAsync(string sha256, byte[] whole, int from = 0)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{Base}/artifacts/{sha256}") { Content = new ByteArrayContent(whole[from..]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (from > 0)
        {
            request.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, whole.Length - 1, whole.Length);
        }

        return await SendAsync(request);
    }

    public async Task<ApiAnswer> SendAsync(HttpRequestMessage request)
    {
        using var response = await Operator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var json = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true ? JsonNode.Parse(text) : null;
        return new ApiAnswer((int)response.StatusCode, json, text, response.Headers, response.Content.Headers);
    }

    /// <summary>Puts a draft up where there was none, as a program does that knows the API alone.</summary>
    public async Task<ApiAnswer> PutAsync(TufDocument document)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{Base}/draft/{document.Role}") { Content = new ByteArrayContent(document.EncodeContent()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("If-None-Match", "*");
        return await SendAsync(request);
    }

    /// <summary>Signs exactly what the server shows, as a browser would.</summary>
    public async Task<ApiAnswer> SignAsync(string role, IdentityKey key)
    {
        var bytes = await Operator.Http.GetByteArrayAsync($"{Base}/draft/{role}/signed", TestContext.Current.CancellationToken);
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(key.ExportPkcs8(), out _);
        var signature = Convert.ToHexStringLower(ecdsa.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        return await Operator.Send(
            HttpMethod.Put, $"{Base}/draft/{role}/signatures/{RepositoryKey.Of(key.Public).Id}", new JsonObject { ["signature"] = signature }.ToJsonString());
    }

    /// <summary>Uploads and publishes these files with the first root.</summary>
    public async Task BeginAsync(params (string Path, byte[] Content)[] files)
    {
        foreach (var (_, content) in files)
        {
            Assert.Equal(200, (await UploadAsync(Sha256(content), content)).Status);
        }

        var end = TimeProvider.System.GetUtcNow().AddDays(100);
        var online = Server.Get<UpdateRepository>().Online.Public;
        Assert.Equal(204, (await PutAsync(new RootPlan(1, end, new KeyRole(1, Owner.Root.Public), new KeyRole(1, Owner.Key.Public), online).Create())).Status);
        var targets = MetadataWriter.Targets(1, end, files.Select(static file => new TargetEntry(file.Path, file.Content.Length, Sha256(file.Content), default)));
        Assert.Equal(204, (await PutAsync(targets)).Status);
        Assert.Equal(204, (await SignAsync("root", Owner.Root)).Status);
        Assert.Equal(204, (await SignAsync("targets", Owner.Key)).Status);
        Assert.Equal(200, (await Operator.Post($"{Base}/publish")).Status);
    }

    public static string Range(int from, int to) => string.Create(CultureInfo.InvariantCulture, $"bytes={from}-{to}");

    public async ValueTask DisposeAsync()
    {
        Operator?.Dispose();
        Anybody?.Dispose();
        await Server.DisposeAsync();
        Owner.Dispose();
    }
}
