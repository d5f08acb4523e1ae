using Messaging.Agent.Configuration;
using Messaging.Agent.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Messaging.Agent.Tests.Configuration;

public sealed class AgentOptionsLoaderTests : IDisposable
{
    private static readonly Dictionary<string, string?> Nothing = [];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Load_File_IsRead()
    {
        var options = Load("""
            ; a comment
            [Uplink]
            LogsFlush = 500ms
            RecordBytes=64KiB
            [intervals]
            cpu = 2s
            FileSystem = 1.5h
            [Scripts]
            clean = /bin/true
            [Logs]
            Files = /var/log/a.log, /srv/my logs/*.log ,
            Journal = OFF
            """);

        Assert.Equal(TimeSpan.FromMilliseconds(500), options.Uplink.LogsFlush);
        Assert.Equal(65_536, options.Uplink.RecordBytes);
        Assert.Equal(TimeSpan.FromSeconds(2), options.Intervals["CPU"]);
        Assert.Equal(TimeSpan.FromMinutes(90), options.Intervals["filesystem"]);
        Assert.Equal("/bin/true", options.Scripts["clean"]);
        Assert.Equal(["/var/log/a.log", "/srv/my logs/*.log"], options.Logs.FileList());
        Assert.Equal("off", options.Logs.Journal);
    }

    [Fact]
    public void Load_CommandLine_WinsOverTheFileAndReplacesListsWhole()
    {
        var options = Load("[Logs]\nFiles = /a,/b,/c\n", new() { ["Logs:Files"] = "/d", ["Spool:MaxBytes"] = "1GiB" });

        Assert.Equal(["/d"], options.Logs.FileList());
        Assert.Equal(1L << 30, options.Spool.MaxBytes);
    }

    [Fact]
    public void Load_Environment_WinsOverTheFile()
    {
        const string Variable = "MESSAGING_AGENT_Device__Name";
        Environment.SetEnvironmentVariable(Variable, "from-environment");
        try
        {
            Assert.Equal("from-environment", Load("[Device]\nName = from-file\n").Device.Name);
            Assert.Equal("from-line", Load("[Device]\nName = from-file\n", new() { ["Device:Name"] = "from-line" }).Device.Name);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Fact]
    public void Load_ManyThingsWrong_AllAreToldAtOnce()
    {
        var problems = Problems("""
            [Uplink]
            LogsFlush = 2
            RecordBytes = big
            MetricFlush = 1s
            [Spool]
            MaxBytes = 1MiB
            SyncRecords = -1
            [Intervals]
            gpu = 1s
            cpu = 1ms
            [Logs]
            Journal = maybe
            Files = relative.log
            [Commands]
            Allow = ping,explode
            [Scripts]
            x = relative
            [Transport]
            Endpoint = http://host
            BackoffMinimum = 10m
            [Nonsense]
            Key = 1
            """);

        Assert.Equal(
            new[]
            {
                "Commands:Allow: 'explode' is none of ping, collect, set-intervals, rotate-keys, restart-unit, reboot, run-script",
                "Intervals:cpu: must be 100ms to 7d",
                "Intervals:gpu: there is no such collector; there are cpu, disk, filesystem, load, memory, network, paging, processes, temperature, units, uptime",
                "Logs:Files: 'relative.log' is not an absolute path",
                "Logs:Journal: 'maybe' is none of auto, on, off",
                "Nonsense:Key: there is no such option",
                "Scripts:x: 'relative' is not an absolute path",
                "Spool:MaxBytes: must be at least twice Spool:SegmentBytes",
                "Spool:SyncRecords: '-1' is not a number",
                "Transport:BackoffMaximum: must not be less than Transport:BackoffMinimum",
                "Transport:Endpoint: 'http://host' is not an address such as mqtts://host:8883 or wss://host/mqtt",
                "Uplink:LogsFlush: '2' is not a duration: write it as 500ms, 10s, 5m, 24h or 7d",
                "Uplink:MetricFlush: there is no such option; did you mean Uplink:MetricsFlush?",
                "Uplink:RecordBytes: 'big' is not a size: write it as 4096, 64KiB or 256MiB",
            },
            problems.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Load_FileIsMissing_SaysSo() =>
        Assert.Equal(
            [$"There is no configuration file {_folder.File("absent")}"],
            Assert.Throws<AgentOptionsException>(() => AgentOptionsLoader.Load(_folder.File("absent"), Nothing)).Problems);

    [Fact]
    public void Load_FileIsNoIni_NamesTheFileAndTheLine()
    {
        var problem = Assert.Single(Problems("[Device]\nState\n"));

        Assert.StartsWith(_folder.File("agent.conf"), problem, StringComparison.Ordinal);
        Assert.Contains("State", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_KeyTwice_IsToldNotSwallowed() => Assert.Contains("Device:Name", Assert.Single(Problems("[Device]\nName=a\nName=b\n")), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void Read_Nothing_GivesTheDefaults() =>
        Assert.Equal("/var/lib/messaging-agent", AgentOptionsLoader.Read(new ConfigurationBuilder().Build()).Device.State);

    public void Dispose() => _folder.Dispose();

    private AgentOptions Load(string content, Dictionary<string, string?>? commandLine = null) =>
        AgentOptionsLoader.Load(_folder.Write("agent.conf", content), commandLine ?? Nothing);

    private IReadOnlyList<string> Problems(string content) => Assert.Throws<AgentOptionsException>(() => Load(content)).Problems;
}
