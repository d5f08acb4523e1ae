using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;
using Messaging.Pi.Harness;

namespace Messaging.Pi;

/// <summary>The power is pulled at random moments of an update: the board comes back, the update has one end, and the server says which.</summary>
public sealed class UpdatePowerCutTests(RaspberryPiWithUpdates pi, ITestOutputHelper output) : IClassFixture<RaspberryPiWithUpdates>
{
    [Fact]
    public async Task PowerCuts_WhileUpdating_EndInOneVersionWhichTheServerNames()
    {
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        await Release("0.1.1+whole");
        Assert.Equal(0, (await pi.Update("0.1.1+whole")).Code);
        var whole = time.GetElapsedTime(began);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"an update that nothing disturbs takes {whole.TotalSeconds:0} s"));
        var ends = new List<string>();
        for (var cut = 1; cut <= Board.Cuts; cut++)
        {
            // One to the other and back: the counter of the release is what makes it newer.
            var version = string.Create(CultureInfo.InvariantCulture, $"0.1.{1 + (cut % 2)}+cut{cut}");
            var before = await pi.RunningVersion();
            await Release(version);

            var update = pi.Update(version);
            var moment = TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(0, (int)whole.TotalMilliseconds));
            await Task.Delay(moment, time, TestContext.Current.CancellationToken);
            var at = await Newest();
            await pi.CutPower();
            await pi.PowerOn();
            var (code, said) = await update;

            var end = await Newest();
            ends.Add(end.State);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"cut {cut}, {moment.TotalSeconds:0.0} s after the command, {(at.Version == version ? at.State : "not begun")}: {end.State} {end.Reason}"));
            Assert.Equal(version, end.Version);
            var expected = end.State == "committed" ? $"messaging-agent {Plain(version)}" : before;
            Assert.True(end.State is "committed" or "reverted" or "failed", said);
            Assert.Equal(end.State == "committed" ? 0 : 1, Math.Min(code, 1));
            Assert.Equal(expected, await pi.RunningVersion());
            Assert.Equal(expected, (await pi.Console.Run("messaging-agent version")).Trim());
            Assert.NotEqual(0, (await pi.Console.TryRun("test -e /var/lib/messaging-agent-updates/trial")).Code);
            await pi.Online();
            Assert.Equal(expected, $"messaging-agent {Plain(await Installed())}");
        }

        Assert.Contains("committed", ends);
    }

    private static string Plain(string version) => version.Split('+')[0];

    private Task Release(string version) => pi.Release(version, Board.Next(Plain(version)));

    /// <summary>The newest update, as the server sees it.</summary>
    private async Task<(string Version, string State, string Reason)> Newest()
    {
        var newest = (await pi.Fleet.Api.Get($"{pi.Device}/updates"))["items"]!.AsArray()[0]!;
        return (Text("version"), Text("state"), Text("reason"));

        string Text(string name) => newest[name]?.GetValue<string>() ?? "";
    }

    /// <summary>The version of the agent that the server takes for installed, by receipts.</summary>
    private async Task<string> Installed() =>
        (await pi.Fleet.Api.Get($"{pi.Device}/components"))["items"]!.AsArray().Single(static one => one!["name"]!.GetValue<string>() == "messaging-agent")!["version"]!.GetValue<string>();
}
