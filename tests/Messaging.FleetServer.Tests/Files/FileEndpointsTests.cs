using System.Net.Http.Headers;
using Messaging.Files;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Tests.Harness;

namespace Messaging.FleetServer.Tests.Files;

/// <summary>The API of files on a whole server.</summary>
public sealed class FileEndpointsTests : IAsyncLifetime
{
    private readonly WholeServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Files_ListedDownloadedAndDeleted()
    {
        await using var device = await _server.EnrolAsync();
        await device.ConnectAsync(_server.Options.MqttPort);
        using var viewer = await _server.With(OperatorRole.Viewer);
        using var op = await _server.With(OperatorRole.Operator);
        var file = new SentFile(3 * FileManifest.MinChunkSize, "évil\u202E.html");
        var path = $"/api/v1/devices/{device.Name}/files";
        await file.AnnounceAsync(device);
        await file.SendAsync(device, 0);
        await device.AcknowledgedAsync("a chunk is stored");

        var one = (await viewer.Get(path)).Json!["items"]![0]!;
        Assert.Equal(("receiving", FileManifest.MinChunkSize), (one["state"]!.GetValue<string>(), one["receivedBytes"]!.GetValue<int>()));
        Assert.Equal("2", one["attributes"]!["camera"]!.GetValue<string>());
        var early = await viewer.Get($"{path}/{file.Id}/content");
        Assert.Equal((409, "file_not_complete"), (early.Status, early["code"]!.GetValue<string>()));

        await file.SendAsync(device, 1);
        await file.SendAsync(device, 2);
        await file.ReceiptAsync(device, FileReceiptState.Stored);
        using var whole = await viewer.Http.GetAsync($"{path}/{file.Id}/content", TestContext.Current.CancellationToken);
        Assert.Equal(file.Content, await whole.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("application/octet-stream", whole.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", whole.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("évil_.html", whole.Content.Headers.ContentDisposition.FileNameStar);
        Assert.Equal("nosniff", Assert.Single(whole.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("default-src 'none'; sandbox", Assert.Single(whole.Headers.GetValues("Content-Security-Policy")));

        using var part = new HttpRequestMessage(HttpMethod.Get, $"{path}/{file.Id}/content");
        part.Headers.Range = new RangeHeaderValue(5000, 5009);
        using var ranged = await viewer.Http.SendAsync(part, TestContext.Current.CancellationToken);
        Assert.Equal(206, (int)ranged.StatusCode);
        Assert.Equal(file.Content[5000..5010], await ranged.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

        Assert.Equal(403, (await viewer.Delete($"{path}/{file.Id}")).Status);
        Assert.Equal(204, (await op.Delete($"{path}/{file.Id}")).Status);
        Assert.Equal(404, (await op.Delete($"{path}/{file.Id}")).Status);
        Assert.Equal(404, (await viewer.Get($"{path}/{file.Id}/content")).Status);
        Assert.Empty((await viewer.Get(path)).Json!["items"]!.AsArray());
        using var owner = await _server.With(OperatorRole.Owner);
        Assert.Contains((await owner.Get("/api/v1/audit?limit=20")).Json!["items"]!.AsArray(), entry => entry!["action"]!.GetValue<string>() == "file.delete" && entry["outcome"]!.GetValue<string>() == "ok");
    }

    [Fact]
    public async Task List_ManyFiles_ComesInPages()
    {
        await using var device = await _server.EnrolAsync();
        await device.ConnectAsync(_server.Options.MqttPort);
        using var viewer = await _server.With(OperatorRole.Viewer);
        for (var i = 0; i < 5; i++)
        {
            await new SentFile(0, $"{i}.txt").SendAllAsync(device);
        }

        await device.AcknowledgedAsync("all are stored");
        var first = (await viewer.Get($"/api/v1/devices/{device.Name}/files?limit=3")).Json!;
        var rest = (await viewer.Get($"/api/v1/devices/{device.Name}/files?limit=3&before={first["next"]!.GetValue<string>()}")).Json!;

        Assert.Equal(["4.txt", "3.txt", "2.txt"], first["items"]!.AsArray().Select(item => item!["name"]!.GetValue<string>()));
        Assert.Equal(["1.txt", "0.txt"], rest["items"]!.AsArray().Select(item => item!["name"]!.GetValue<string>()));
        Assert.Null(rest["next"]);
        Assert.Equal(400, (await viewer.Get($"/api/v1/devices/{device.Name}/files?limit=501")).Status);
        Assert.Equal(404, (await viewer.Get($"/api/v1/devices/{new string('0', 32)}/files")).Status);
        Assert.Equal(404, (await viewer.Get($"/api/v1/devices/{device.Name}/files/..%2f..%2fserver/content")).Status);
    }
}
