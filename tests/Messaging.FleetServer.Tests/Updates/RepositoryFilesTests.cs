using System.Net;
using System.Net.Http.Headers;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Updates;

namespace Messaging.FleetServer.Tests.Updates;

/// <summary>The repository as anybody reads it.</summary>
public sealed class RepositoryFilesTests : IAsyncLifetime
{
    private const string Metadata = "/api/v1/repository/metadata/";
    private const string Targets = "/api/v1/repository/targets/";
    private readonly byte[] _content = new byte[4_000_000];
    private FleetRepository _fleet = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Path => $"{Targets}camera/1.0.0/any/{FleetRepository.Sha256(_content)}.camera%2B1.tar";

    public async ValueTask InitializeAsync()
    {
        RandomNumberGenerator.Fill(_content);
        _fleet = await FleetRepository.StartAsync(new RepositoryLimits { MaxDownloadsPerAddress = 2, KeepFree = 0 });
        await _fleet.BeginAsync(("camera/1.0.0/any/camera+1.tar", _content));
    }

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task Target_WholeInRangesAndItsHead_WithoutCredentials()
    {
        using var whole = await _fleet.Anybody.Http.GetAsync(Path, Ct);
        Assert.Equal(_content, await whole.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal($"\"{FleetRepository.Sha256(_content)}\"", whole.Headers.ETag!.Tag);
        Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", whole.Headers.GetValues("Cache-Control")));
        Assert.Equal("default-src 'none'; sandbox", Assert.Single(whole.Headers.GetValues("Content-Security-Policy")));

        using var part = await SendAsync(HttpMethod.Get, Path, request => request.Headers.Range = new RangeHeaderValue(1000, 1009));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(_content[1000..1010], await part.Content.ReadAsByteArrayAsync(Ct));

        using var head = await SendAsync(HttpMethod.Head, Path);
        Assert.Equal((HttpStatusCode.OK, (long?)_content.Length), (head.StatusCode, head.Content.Headers.ContentLength));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Ct));

        using var known = await SendAsync(HttpMethod.Get, Path, request => request.Headers.IfNoneMatch.Add(whole.Headers.ETag));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
    }

    [Fact]
    public async Task Metadata_IsKeptByCaches_ButForTheTimestamp()
    {
        using var root = await SendAsync(HttpMethod.Get, Metadata + "1.root.json");
        Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", root.Headers.GetValues("Cache-Control")));
        using var timestamp = await SendAsync(HttpMethod.Head, Metadata + "timestamp.json");
        Assert.Equal(("no-cache", HttpStatusCode.OK), (string.Join(", ", timestamp.Headers.GetValues("Cache-Control")), timestamp.StatusCode));
        Assert.Equal(404, (await _fleet.Anybody.Get(Metadata + "2.root.json")).Status);
    }

    [Theory]
    [InlineData(Metadata + "draft.root")]
    [InlineData(Metadata + "publishing")]
    [InlineData(Metadata + "01.root.json")]
    [InlineData(Metadata + "root.json")]
    [InlineData(Metadata + "..%2f..%2fkeys%2frepository.p8")]
    [InlineData(Metadata)]
    [InlineData(Targets)]
    [InlineData(Targets + "camera")]
    [InlineData(Targets + "camera/1.0.0/any/camera+1.tar")]
    [InlineData(Targets + "..%2f..%2fkeys%2frepository.p8")]
    [InlineData(Targets + "%2e%2e/%2e%2e/keys/repository.p8")]
    [InlineData(Targets + "camera/..%5c..%5ckeys%5crepository.p8")]
    [InlineData(Targets + "camera/1.0.0/any/%00")]
    public async Task Path_ThatNothingNames_IsNotThere(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);

        Assert.True(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{path}: {response.StatusCode}");
    }

    [Fact]
    public async Task Downloads_OfOneAddress_AreBoundedInNumber()
    {
        // More than the kernel holds for one who does not read.
        var large = new byte[64_000_000];
        await using var fleet = await FleetRepository.StartAsync(new RepositoryLimits { MaxDownloadsPerAddress = 2, KeepFree = 0 });
        await fleet.BeginAsync(("camera/1.0.0/any/camera+1.tar", large));
        var path = $"{Targets}camera/1.0.0/any/{FleetRepository.Sha256(large)}.camera%2B1.tar";
        using var first = await fleet.Anybody.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Ct);
        using var second = await fleet.Anybody.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Ct);

        using var third = await fleet.Anybody.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Ct);
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), third.Headers.RetryAfter!.Delta);

        // A place is free again when one is done.
        await first.Content.CopyToAsync(Stream.Null, Ct);
        await Harness.Until.True(
            async () =>
            {
                using var next = await fleet.Anybody.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Ct);
                return next.IsSuccessStatusCode;
            },
            "a place is free");
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task Changes_AreInTheAudit_AndKeysOfReleasesAreNotInTheLog()
    {
        var name = new string('7', 64);
        var key = Convert.ToBase64String(Enumerable.Repeat((byte)0x5a, 32).ToArray());
        Assert.Equal(204, (await _fleet.Operator.Send(HttpMethod.Put, $"/api/v1/repository/keys/{name}", $$"""{"key":"{{key}}"}""")).Status);
        Assert.Equal(204, (await _fleet.Operator.Send(HttpMethod.Put, $"/api/v1/repository/keys/{name}", $$"""{"key":"{{key}}"}""")).Status);
        Assert.Equal(409, (await _fleet.Operator.Send(HttpMethod.Put, $"/api/v1/repository/keys/{name}", $$"""{"key":"{{key.Replace('W', 'X')}}"}""")).Status);
        Assert.Equal(400, (await _fleet.Operator.Send(HttpMethod.Put, $"/api/v1/repository/keys/{name}", """{"key":"AAAA"}""")).Status);
        Assert.Equal(key, (await _fleet.Operator.Get($"/api/v1/repository/keys/{name}"))["key"]!.GetValue<string>());
        using var viewer = await _fleet.Server.With(OperatorRole.Viewer);
        Assert.Equal(403, (await viewer.Get($"/api/v1/repository/keys/{name}")).Status);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_fleet.Server.Options.PathOf("repository", "keys", name)));
        Assert.Equal(204, (await _fleet.Operator.Delete($"/api/v1/repository/keys/{name}")).Status);

        using var owner = await _fleet.Server.With(OperatorRole.Owner);
        var audit = (await owner.Get("/api/v1/audit?limit=50")).Items;
        string[] actions = ["artifact.upload", "repository.draft", "repository.sign", "repository.publish", "release-key.keep", "release-key.get", "release-key.delete"];
        Assert.All(actions, action => Assert.Contains(audit, entry => entry["action"]!.GetValue<string>() == action && entry["outcome"]!.GetValue<string>() == "ok"));
        Assert.Contains(audit, static entry => entry["action"]!.GetValue<string>() == "release-key.get" && entry["outcome"]!.GetValue<string>() == "denied");
        Assert.DoesNotContain(audit, entry => entry.ToJsonString().Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Status_SaysWhatThereIs()
    {
        var status = (await _fleet.Operator.Get("/api/v1/repository")).Json!;

        Assert.Equal("ready", status["state"]!.GetValue<string>());
        Assert.Equal((1, true, true), (status["root"]!["version"]!.GetValue<int>(), status["root"]!["ofFleet"]!.GetValue<bool>(), status["root"]!["namesThisServer"]!.GetValue<bool>()));
        Assert.Equal((1, 1), (status["targets"]!["version"]!.GetValue<int>(), status["targets"]!["count"]!.GetValue<int>()));
        Assert.Equal((1, _content.Length, 0), (status["artifacts"]!["count"]!.GetValue<int>(), status["artifacts"]!["bytes"]!.GetValue<int>(), status["artifacts"]!["unusedBytes"]!.GetValue<int>()));
        Assert.Empty(status["drafts"]!.AsArray());
        await Harness.Until.True(async () => (await _fleet.Anybody.Get("/health/ready")).Text == "ready\n", "the server is ready, without a warning");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, path);
        change?.Invoke(request);
        return await _fleet.Anybody.Http.SendAsync(request, Ct);
    }
}
