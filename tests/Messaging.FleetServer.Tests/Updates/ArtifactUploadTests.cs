using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Updates;
using Messaging.FleetServer.Updates.Artifacts;

namespace Messaging.FleetServer.Tests.Updates;

/// <summary>Uploads, the hostile ones above all: what is not exactly what was announced never counts.</summary>
public sealed class ArtifactUploadTests : IAsyncLifetime
{
    private const int KiB = 1024;
    private readonly byte[] _content = new byte[300 * KiB];
    private FleetRepository _fleet = null!;

    private static RepositoryLimits Limits => new() { MaxArtifactBytes = 400 * KiB, MaxTotalBytes = 1000 * KiB, KeepFree = 0, UploadBytesPerSecond = 64 * KiB, UploadGrace = TimeSpan.FromSeconds(1.5) };

    private string Name => FleetRepository.Sha256(_content);

    private string Artifacts => _fleet.Server.Options.PathOf("repository", "artifacts");

    public async ValueTask InitializeAsync()
    {
        RandomNumberGenerator.Fill(_content);
        _fleet = await FleetRepository.StartAsync(Limits);
    }

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task Upload_Whole_IsThereAndPrivate()
    {
        var answer = await _fleet.UploadAsync(Name, _content);

        Assert.Equal((200, true, 300 * KiB), (answer.Status, answer["complete"]!.GetValue<bool>(), answer["size"]!.GetValue<int>()));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Artifacts, Name)) & (UnixFileMode)0x1b7);
        Assert.Equal(_content, await _fleet.Operator.Http.GetByteArrayAsync($"/api/v1/repository/artifacts/{Name}/content", TestContext.Current.CancellationToken));
        Assert.Equal(200, (await _fleet.UploadAsync(Name, _content)).Status);
        using var viewer = await _fleet.Server.With(OperatorRole.Viewer);
        Assert.Equal(403, (await viewer.Send(HttpMethod.Put, $"/api/v1/repository/artifacts/{Name}", "x", "application/octet-stream")).Status);
        Assert.Equal(403, (await viewer.Delete($"/api/v1/repository/artifacts/{Name}")).Status);
        Assert.Equal(204, (await _fleet.Operator.Delete($"/api/v1/repository/artifacts/{Name}")).Status);
        Assert.Empty(Directory.EnumerateFiles(Artifacts));
    }

    [Fact]
    public async Task Upload_OfAnotherContent_LeavesNothing()
    {
        var answer = await _fleet.UploadAsync(FleetRepository.Sha256([1]), _content);

        Assert.Equal((422, "artifact_wrong_hash"), (answer.Status, answer.Code));
        Assert.Empty(Directory.EnumerateFiles(Artifacts));
    }

    [Fact]
    public async Task Upload_TooLong_IsRefusedBeforeItIsRead()
    {
        var large = new byte[401 * KiB];
        var answer = await _fleet.UploadAsync(FleetRepository.Sha256(large), large);

        Assert.Equal((413, "too_large"), (answer.Status, answer.Code));
        Assert.False(Directory.Exists(Artifacts) && Directory.EnumerateFiles(Artifacts).Any());
    }

    [Fact]
    public async Task Upload_BeyondWhatAllMayTake_IsRefused()
    {
        for (byte i = 0; i < 3; i++)
        {
            _content[0] = i;
            Assert.Equal(200, (await _fleet.UploadAsync(Name, _content)).Status);
        }

        _content[0] = 3;
        var answer = await _fleet.UploadAsync(Name, _content);

        Assert.Equal((507, "no_room"), (answer.Status, answer.Code));
        Assert.Equal(3, (await _fleet.Operator.Get("/api/v1/repository/artifacts")).Items.Count);
    }

    [Fact]
    public async Task Upload_WhenTheDiskIsAlmostFull_IsRefused()
    {
        await using var full = await FleetRepository.StartAsync(Limits with { KeepFree = long.MaxValue / 2 });

        var answer = await full.UploadAsync(Name, _content);

        Assert.Equal((507, "no_room"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Upload_ThatBreaksOff_GoesOnWhereItWas()
    {
        await SendRawAsync(Head(_content.Length), _content.AsMemory(0, 100 * KiB), closesAfter: true);
        var there = await LengthAsync(atLeast: 1);
        Assert.InRange(there, 1, 100 * KiB);
        Assert.False(File.Exists(Path.Combine(Artifacts, Name)));

        Assert.Equal("artifact_offset", (await _fleet.UploadAsync(Name, _content, there - 1)).Code);
        Assert.Equal("artifact_offset", (await _fleet.UploadAsync(Name, _content, there + 1)).Code);
        Assert.Equal(200, (await _fleet.UploadAsync(Name, _content, there)).Status);
        Assert.Equal(_content, await File.ReadAllBytesAsync(Path.Combine(Artifacts, Name), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Upload_WhoseEndIsAnother_LeavesNothing()
    {
        await SendRawAsync(Head(_content.Length), _content.AsMemory(0, 100 * KiB), closesAfter: true);
        var there = await LengthAsync(atLeast: 1);
        var (name, other) = (Name, (byte[])_content.Clone());
        other[^1] ^= 1;

        Assert.Equal("artifact_wrong_hash", (await _fleet.UploadAsync(name, other, there)).Code);
        Assert.Empty(Directory.EnumerateFiles(Artifacts));
    }

    [Fact]
    public async Task Upload_SlowerThanAPlaceIsWorth_IsCutOff()
    {
        var answer = await SendRawAsync(Head(_content.Length), _content.AsMemory(0, KiB), closesAfter: false);

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.False(_fleet.Server.Get<ArtifactUploads>().IsBusy(Name));
        Assert.Equal(200, (await _fleet.UploadAsync(Name, _content)).Status);
    }

    [Theory]
    [InlineData("bytes 0-9/10", 11, 411)]
    [InlineData("bytes 5-9/20", 5, 411)]
    [InlineData("bytes 9-5/10", 5, 411)]
    [InlineData("lines 0-9/10", 10, 411)]
    [InlineData("bytes 9223372036854775806-9223372036854775807/9223372036854775808", 2, 411)]
    [InlineData("bytes 9223372036854775797-9223372036854775806/9223372036854775807", 10, 409)]
    public async Task Upload_WithAnImpossibleRange_IsRefused(string range, int length, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/repository/artifacts/{Name}") { Content = new ByteArrayContent(new byte[length]) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
        request.Content.Headers.TryAddWithoutValidation("Content-Range", range);

        Assert.Equal(status, (await _fleet.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("..%2f..%2fkeys%2frepository.p8")]
    [InlineData("ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    [InlineData("0")]
    public async Task Name_ThatIsNoHash_IsNeverAFile(string name)
    {
        Assert.Equal(400, (await _fleet.UploadAsync(name, [1])).Status);
        Assert.Equal(404, (await _fleet.Operator.Get($"/api/v1/repository/artifacts/{name}")).Status);
        Assert.Equal(404, (await _fleet.Operator.Get($"/api/v1/repository/artifacts/{name}/content")).Status);
        Assert.Equal(404, (await _fleet.Operator.Delete($"/api/v1/repository/artifacts/{name}")).Status);
        Assert.Equal(404, (await _fleet.Operator.Get($"/api/v1/repository/keys/{name}")).Status);
    }

    [Fact]
    public async Task Artifact_ThatTargetsName_IsNotDeleted()
    {
        await _fleet.BeginAsync(("a/b", _content));

        var answer = await _fleet.Operator.Delete($"/api/v1/repository/artifacts/{Name}");

        Assert.Equal((409, "artifact_in_use"), (answer.Status, answer.Code));
    }

    private string Head(int length) => string.Create(
        CultureInfo.InvariantCulture,
        $"PUT /api/v1/repository/artifacts/{Name} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {_fleet.Operator.Http.DefaultRequestHeaders.Authorization}\r\nContent-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n");

    private async Task<int> LengthAsync(int atLeast)
    {
        var length = 0;
        await Harness.Until.True(
            async () =>
            {
                length = (await _fleet.Operator.Get($"/api/v1/repository/artifacts/{Name}"))["size"]?.GetValue<int>() ?? 0;
                return length >= atLeast && !_fleet.Server.Get<ArtifactUploads>().IsBusy(Name);
            },
            "the beginning is there, and nobody uploads it any more");
        return length;
    }

    /// <summary>Sends the beginning of a request; what is answered when it is not closed at once.</summary>
    private async Task<string> SendRawAsync(string head, ReadOnlyMemory<byte> body, bool closesAfter)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _fleet.Server.Options.Port!.Value, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        await stream.WriteAsync(body, TestContext.Current.CancellationToken);
        if (closesAfter)
        {
            await BeginsAsync();
            return "";
        }

        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
    }

    private Task BeginsAsync() => Harness.Until.True(
        () => File.Exists(Path.Combine(Artifacts, Name + ".part")) && new FileInfo(Path.Combine(Artifacts, Name + ".part")).Length > 0, "the beginning has come");
}
