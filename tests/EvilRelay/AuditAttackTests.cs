using Messaging.EndToEnd.Harness;
using Messaging.EvilRelay.Harness;

namespace Messaging.EvilRelay;

/// <summary>Whoever has the server's folder and keys, and writes its log anew.</summary>
[Collection(EvilFleet.Name)]
public sealed class AuditAttackTests(EvilFleet evil)
{
    [Fact]
    public async Task RewrittenLog_OnTheServer_IsFoundByDevicesAndOwners()
    {
        Assert.Equal("done", await evil.Run(evil.Command("count")));
        var (code, output) = await evil.FleetCtl("audit", "verify");
        Assert.True(code == 0, output);
        var log = (await evil.Fleet.Api.Get("/api/v1/audit/state"))["logId"]!.GetValue<string>();
        await evil.Until(
            "the device has signed what it has seen of this log",
            status => status["audit"]!["witness"]?["log"]?.GetValue<string>() == log && status["audit"]!["signed"]!.GetValue<long>() == status["audit"]!["entries"]!.GetValue<long>());

        await evil.Fleet.Control.KillNow();
        AuditForger.Rewrite(evil.Fleet.ControlData, evil.Stolen);
        await evil.Fleet.StartControl();

        Assert.Equal("done", await evil.Run(evil.Command("count")));
        await evil.Finding("log-rewritten", log);

        // It goes on, in a new log.
        await Eventually.Get(
            "the server goes on in a new log", TimeSpan.FromSeconds(60), () => evil.Fleet.Api.Get("/api/v1/audit/state"), state => state["logId"]!.GetValue<string>() != log);
        await evil.AssertStoredOnce(await evil.Append(3), 3);
        (code, output) = await evil.FleetCtl("audit", "verify");
        Assert.Equal(1, code);
        Assert.Contains("this machine has seen another entry", output, StringComparison.Ordinal);
        Assert.Contains($"the device {evil.DeviceId} has seen another entry", output, StringComparison.Ordinal);
    }
}
