using Messaging.Agent.Configuration;
using Messaging.Agent.Twin;

namespace Messaging.Agent.Tests.Twin;

public sealed class RemoteSettingsTests
{
    private static readonly AgentOptions Open = new() { Twin = new() { Settings = "*" } };

    [Theory]
    [InlineData("Intervals:cpu", "2s", "00:00:02")]
    [InlineData("Uplink:MetricsFlush", "5m", "00:05:00")]
    [InlineData("Spool:MaxBytes", "64MiB", "67108864")]
    [InlineData("Logs:JournalPriority", "Warning", "warning")]
    public void Check_WhatTheOwnerLetsBeSet_IsTaken(string key, string value, string normalized)
    {
        Assert.Null(RemoteSettings.Check(key, value, Open, out var read));
        Assert.Equal(normalized, read);
    }

    [Theory]
    [InlineData("Commands:Allow", "shell", "cannot be set from afar")]
    [InlineData("Commands:WritePaths", "/", "cannot be set from afar")]
    [InlineData("Twin:Settings", "*", "cannot be set from afar")]
    [InlineData("Device:State", "/tmp", "cannot be set from afar")]
    [InlineData("Transport:Endpoint", "mqtt://evil", "cannot be set from afar")]
    [InlineData("Trust:AskInterval", "30d", "cannot be set from afar")]
    [InlineData("uplink:metricsflush", "5m", "cannot be set from afar")]
    [InlineData("Uplink:MetricsFlush", "often", "is not a duration")]
    [InlineData("Intervals:cpu", "1ms", "too little")]
    public void Check_WhatMayNotBeOrIsWrong_IsRefusedByName(string key, string value, string why) =>
        Assert.Contains(why, RemoteSettings.Check(key, value, Open, out _)!, StringComparison.Ordinal);

    [Fact]
    public void Check_ByDefault_LetsIntervalsBeSetAndNothingElse()
    {
        Assert.Null(RemoteSettings.Check("Intervals:cpu", "2s", new AgentOptions(), out _));
        Assert.Contains("Twin:Settings", RemoteSettings.Check("Uplink:MetricsFlush", "5m", new AgentOptions(), out _)!, StringComparison.Ordinal);
    }

    /// <summary>Each option that may be set is one, and in the form in which what is wanted is compared with what is in force.</summary>
    [Fact]
    public void InForce_OfEachOption_IsWhatItsOwnTextIsReadAs()
    {
        var keys = OptionCatalog.All.Select(static option => option.Key).Where(static key => RemoteSettings.IsLive(key) || RemoteSettings.IsAtStart(key)).ToList();
        Assert.Equal(22, keys.Count);
        foreach (var key in keys)
        {
            var inForce = RemoteSettings.InForce(key, Open);
            Assert.Null(RemoteSettings.Check(key, inForce, Open, out var normalized));
            Assert.Equal(inForce, normalized);
        }
    }

    [Fact]
    public void Set_EachLiveOption_IsInForceThen()
    {
        foreach (var key in OptionCatalog.All.Select(static option => option.Key).Where(RemoteSettings.IsLive))
        {
            var options = new AgentOptions();
            var wanted = RemoteSettings.InForce(key, options).Contains(':', StringComparison.Ordinal) ? "02:00:00" : "77777";
            RemoteSettings.Set(options.Uplink, key, wanted);
            Assert.Equal(wanted, RemoteSettings.InForce(key, options));
        }
    }
}
