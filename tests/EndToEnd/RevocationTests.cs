using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

public sealed class RevocationTests
{
    [Fact]
    public async Task Delete_OfAConnectedDevice_CutsItOffAtOnceAndKeepsNothingItSendsAfterwards()
    {
        await using var demo = await Demo.Start(TimeSpan.FromSeconds(120));
        var device = $"/api/v1/devices/{demo.DeviceId}";

        await demo.Api.Delete(device);

        var revoked = await Eventually.Get(
            "the relay has ended the connection",
            TimeSpan.FromSeconds(20),
            () => demo.Api.Get(device),
            static d => d["status"]!.GetValue<string>() == "revoked" && !d["connected"]!.GetValue<bool>() && !d["online"]!.GetValue<bool>());
        Assert.NotNull(revoked);
        var marker = $"after the revocation {Guid.CreateVersion7():N}";
        await File.AppendAllTextAsync(Path.Combine(demo.Data, "demo.log"), marker + "\n");
        // The agent tries to come back; what matters is that the relay refuses it at least once after the line was written.
        var refused = await RefusedConnections(demo);
        await Eventually.Is("the relay refuses the revoked device", TimeSpan.FromSeconds(90), async () => await RefusedConnections(demo) > refused);
        Assert.Empty(await demo.Api.LogBodies(demo.DeviceId, marker));

        using var response = await demo.Api.Http.PostAsync($"{device}/commands", new StringContent("""{"type":"ping"}""", null, "application/json"), TestContext.Current.CancellationToken);
        Assert.Equal(409, (int)response.StatusCode);
    }

    private static async Task<long> RefusedConnections(Demo demo)
    {
        var relay = await demo.Api.Get("/api/v1/relay");
        return relay["counters"]!.AsObject().Where(static counter => counter.Key.Contains("refused", StringComparison.OrdinalIgnoreCase))
            .Sum(static counter => counter.Value is JsonValue value && value.TryGetValue<long>(out var n) ? n : 0);
    }
}
