using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>A file from a program of the device to an operator, through kills of everything on its way.</summary>
public sealed class FileTests
{
    private const int Bytes = (6 * 1024 * 1024) + 17;

    [Fact]
    public async Task File_ThroughKillsOfAgentAndServer_IsDownloadedAsItWas()
    {
        await using var fleet = await SplitFleet.Start();
        var drop = Directory.CreateDirectory(fleet.Scratch["drop"]).FullName;
        string[] settings = ["Local:Drop=" + drop, "Files:Rate=1MiB"];
        await fleet.StartAgent(settings);
        var files = Path.Combine(drop, "files");
        await Eventually.Is("the agent made its folders", TimeSpan.FromSeconds(60), () => Task.FromResult(Directory.Exists(Path.Combine(files, ".queue"))));

        // As the documentation says it.
        var content = RandomNumberGenerator.GetBytes(Bytes);
        await File.WriteAllBytesAsync(fleet.Scratch["capture.bin"], content);
        using (var shell = Process.Start("/bin/sh", ["-c", $"install -m 640 '{fleet.Scratch["capture.bin"]}' '{files}/.capture.bin' && mv '{files}/.capture.bin' '{files}/capture.bin'"]))
        {
            await shell.WaitForExitAsync();
            Assert.Equal(0, shell.ExitCode);
        }

        for (var kill = 1; kill <= 4; kill++)
        {
            var least = kill * 512 * 1024;
            await Eventually.Get("more of it came", TimeSpan.FromSeconds(120), () => Only(fleet), file => file is not null && (Received(file) >= least || State(file) != "receiving"));
            if (kill % 2 == 0)
            {
                await fleet.Control.KillNow();
                await fleet.StartControl();
            }
            else
            {
                await fleet.Agent.KillNow();
                await fleet.StartAgent(settings);
            }
        }

        var file = await Eventually.Get("it is complete", TimeSpan.FromSeconds(180), () => Only(fleet), file => file is not null && State(file) == "complete");
        Assert.Equal(("capture.bin", Bytes), (file!["name"]!.GetValue<string>(), file["size"]!.GetValue<int>()));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), file["sha256"]!.GetValue<string>());
        var downloaded = await fleet.Api.Http.GetByteArrayAsync($"/api/v1/devices/{fleet.DeviceId}/files/{file["id"]!.GetValue<string>()}/content");
        Assert.Equal(SHA256.HashData(content), SHA256.HashData(downloaded));
        await Eventually.Is("the device has deleted its own", TimeSpan.FromSeconds(60), () => Task.FromResult(Directory.GetFiles(Path.Combine(files, ".queue")).Length == 0));
        Assert.Empty((await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/gaps"))["items"]!.AsArray());
    }

    private static async Task<JsonNode?> Only(SplitFleet fleet) =>
        (await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/files"))["items"]!.AsArray().SingleOrDefault();

    private static string State(JsonNode file) => file["state"]!.GetValue<string>();

    private static long Received(JsonNode file) => file["receivedBytes"]!.GetValue<long>();
}
