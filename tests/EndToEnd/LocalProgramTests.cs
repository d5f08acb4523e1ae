using System.Diagnostics;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>A program of the device, in shell, and an operator at the other end.</summary>
public sealed class LocalProgramTests
{
    [Fact]
    public async Task ShellProgram_SendsAMetricAndObeysTheFleet()
    {
        await using var fleet = await SplitFleet.Start();
        var socket = fleet.Scratch["local.sock"];
        await fleet.StartAgent("Local:Enabled=yes", "Local:Socket=" + socket, "Local:Apps=plc", "Commands:Allow=ping,app");
        await fleet.Online(TimeSpan.FromSeconds(60));
        await Eventually.Is("the agent listens", TimeSpan.FromSeconds(60), () => Task.FromResult(File.Exists(socket)));
        using var program = Process.Start(new ProcessStartInfo("/bin/sh", [Path.Combine(Repository.Root, "firmware-scripts/examples/local-program.sh"), socket, "plc"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        try
        {
            Assert.Equal("listening as plc", await program.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)));

            var result = await fleet.Api.Run(
                fleet.DeviceId,
                new JsonObject { ["type"] = "app", ["args"] = new JsonObject { ["name"] = "plc", ["arguments"] = new JsonArray("open", "valve 3") } },
                TimeSpan.FromSeconds(60));
            Assert.Equal(("done", "as told", "got \"open\" \"valve 3\"\n"), (Text(result, "state"), Text(result, "message"), Text(result, "output")));

            var points = await Eventually.Get(
                "its metric is stored",
                TimeSpan.FromSeconds(60),
                () => fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/metrics?name=example.started"),
                static answer => answer["points"]!.AsArray().Count > 0);
            Assert.Equal(1, points["points"]![0]!["value"]!.GetValue<double>());
            Assert.NotNull(points["points"]![0]!["attributes"]!["local.uid"]);
            Assert.Equal("plc", Text((await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}"))["facts"]!, "app.names"));
        }
        finally
        {
            program.Kill(entireProcessTree: true);
        }
    }

    private static string? Text(JsonNode node, string name) => node[name]?.GetValue<string>();
}
