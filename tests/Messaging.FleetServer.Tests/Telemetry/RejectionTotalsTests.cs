using Messaging.FleetServer.Access;
using Messaging.FleetServer.Telemetry;
using Messaging.FleetServer.Telemetry.Queries;
using Messaging.FleetServer.Tests.Harness;

namespace Messaging.FleetServer.Tests.Telemetry;

public sealed class RejectionTotalsTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Here = "00000000000000000000000000000001";
    private const string There = "00000000000000000000000000000002";

    [Fact]
    public async Task Rejections_OfSeveralDevices_AreSummedByReason_AndNameTheDeviceThatWasLast()
    {
        host.Devices.Add(FakeDevices.Device(Here, "here"));
        Insert(Here, "server", "tampered", 3, 5000);
        Insert(There, "server", "tampered", 4, 1000);
        Insert(There, "device", "tampered", 2, 2000);
        using var viewer = await host.With(OperatorRole.Viewer);

        var answer = await viewer.Get("/api/v1/rejections");

        Assert.Equal(200, answer.Status);
        Assert.Collection(
            answer.Items,
            first =>
            {
                Assert.Equal(("server", "tampered", 7L), (Text(first, "side"), Text(first, "reason"), first["count"]!.GetValue<long>()));
                Assert.Equal((2, "1970-01-01T00:00:05.000Z"), (first["devices"]!.GetValue<int>(), Text(first, "lastAt")));
                Assert.Equal((Here, "here"), (Text(first, "lastDeviceId"), Text(first, "lastDeviceName")));
            },
            second =>
            {
                Assert.Equal(("device", 2L), (Text(second, "side"), second["count"]!.GetValue<long>()));
                Assert.Null(second["lastDeviceName"]);
            });
    }

    private static string Text(System.Text.Json.Nodes.JsonNode item, string name) => item[name]!.GetValue<string>();

    private void Insert(string device, string side, string reason, long count, long last)
    {
        using var connection = host.Get<TelemetryDatabase>().OpenWriter();
        using var command = connection.Query(
            "INSERT INTO rejections(device, side, reason, count, last) VALUES($device, $side, $reason, $count, $last)",
            ("$device", TelemetryReads.Key(device)), ("$side", side), ("$reason", reason), ("$count", count), ("$last", last));
        command.ExecuteNonQuery();
    }
}
