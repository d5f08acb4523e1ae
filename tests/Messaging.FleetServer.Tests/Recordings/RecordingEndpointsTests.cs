using Messaging.Files;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Tests.Files;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Recordings;

namespace Messaging.FleetServer.Tests.Recordings;

/// <summary>The API of recordings on a whole server.</summary>
public sealed class RecordingEndpointsTests : IAsyncLifetime
{
    private readonly WholeServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Recordings_ListedAndDownloaded_AreNoFilesAndNobodyDeletesThem()
    {
        await using var device = await _server.EnrolAsync();
        await device.ConnectAsync(_server.Options.MqttPort);
        using var viewer = await _server.With(OperatorRole.Viewer);
        using var op = await _server.With(OperatorRole.Operator);
        using var owner = await _server.With(OperatorRole.Owner);
        var (whole, broken) = (Recording(5000, RecordingEnd.Complete, 61_500), Recording(100, RecordingEnd.BrokenOff, null));
        foreach (var one in new[] { whole, broken })
        {
            await one.SendAllAsync(device);
            await one.ReceiptAsync(device, FileReceiptState.Stored);
        }

        var list = (await viewer.Get($"/api/v1/recordings?device={device.Name}")).Json!["items"]!.AsArray();
        Assert.Equal([broken.Id.ToString(), whole.Id.ToString()], list.Select(static one => one!["id"]!.GetValue<string>()));
        Assert.Equal("broken-off", list[0]!["ended"]!.GetValue<string>());
        Assert.Null(list[0]!["lastedMs"]);
        var one2 = (await viewer.Get($"/api/v1/devices/{device.Name}/recordings/{whole.Id}")).Json!;
        Assert.Equal(("complete", 61_500, 5000, "complete"), (one2["ended"]!.GetValue<string>(), one2["lastedMs"]!.GetValue<int>(), one2["size"]!.GetValue<int>(), one2["state"]!.GetValue<string>()));
        Assert.Equal(Convert.ToHexStringLower(whole.Manifest.Sha256.Span), one2["sha256"]!.GetValue<string>());
        Assert.Equal(2, (await viewer.Get("/api/v1/recordings")).Json!["items"]!.AsArray().Count);
        var first = (await viewer.Get("/api/v1/recordings?limit=1")).Json!;
        Assert.Equal(whole.Id.ToString(), (await viewer.Get($"/api/v1/recordings?limit=1&before={first["next"]!.GetValue<string>()}")).Json!["items"]![0]!["id"]!.GetValue<string>());
        Assert.Equal(400, (await viewer.Get("/api/v1/recordings?device=x")).Status);

        var path = $"/api/v1/devices/{device.Name}/recordings/{whole.Id}/content";
        Assert.Equal(403, (await viewer.Get(path)).Status);
        using var content = await op.Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(whole.Content, await content.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("attachment", content.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Contains(
            (await owner.Get("/api/v1/audit?limit=20")).Json!["items"]!.AsArray(),
            entry => entry!["action"]!.GetValue<string>() == "recording.get" && entry["details"]!.GetValue<string>() == Convert.ToHexStringLower(whole.Manifest.Sha256.Span));

        Assert.Empty((await viewer.Get($"/api/v1/devices/{device.Name}/files")).Json!["items"]!.AsArray());
        Assert.Equal(404, (await owner.Delete($"/api/v1/devices/{device.Name}/files/{whole.Id}")).Status);
        Assert.Equal(404, (await viewer.Get($"/api/v1/devices/{device.Name}/recordings/{new string('0', 32)}")).Status);
    }

    internal static SentFile Recording(int size, string ended, long? lasted)
    {
        var file = new SentFile(size);
        return new SentFile(size)
        {
            Manifest = file.Manifest with
            {
                Name = "shell.msgrec",
                MediaType = RecordingFormat.MediaType,
                Attributes = lasted is null ? [new(RecordingEnd.Key, ended)] : [new(RecordingEnd.Key, ended), new(RecordingEnd.LastedKey, lasted.Value.ToString(System.Globalization.CultureInfo.InvariantCulture))],
            },
        };
    }
}
