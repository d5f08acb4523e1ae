using Messaging.Agent.Configuration;
using Messaging.Agent.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Messaging.Agent.Tests.Configuration;

[Collection("Environment of the process")]
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

    [Theory]
    [InlineData("Endpoint = http://relay.example/mqtt/poll", "no TLS")]
    [InlineData("Proxy = http://me:hunter2@proxy:3128", "Transport:ProxyPasswordFile")]
    [InlineData("Proxy = socks5://proxy:1080", "nor none")]
    public void Load_WayThatCannotBeTaken_IsAProblem(string line, string problem) =>
        Assert.Contains(problem, Assert.Single(Problems($"[Transport]\n{line}\n")), StringComparison.Ordinal);

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
            Endpoint = mqtts://good.example,ftp://host
            BackoffMinimum = 10m
            [Nonsense]
            Key = 1
            """);

        var file = _folder.File("agent.conf");
        Assert.Equal(
            new[]
            {
                $"{file}:10: Intervals:cpu: '1ms' is too little: it must be 100ms to 7d",
                $"{file}:12: Logs:Journal: 'maybe' is none of auto, on, off",
                $"{file}:13: Logs:Files: 'relative.log' is not an absolute path",
                $"{file}:15: Commands:Allow: 'explode' is none of ping, collect, set-intervals, desired-set, rotate-keys, restart-unit, reboot, run-script, gpio-set, pwm-set, app, run-inline, file-read, file-write, packages, update, shell, push, pull",
                $"{file}:17: Scripts:x: 'relative' is not an absolute path",
                $"{file}:19: Transport:Endpoint: 'ftp://host' is not an address such as mqtts://host:8883, wss://host/mqtt or https://host/mqtt/poll",
                $"{file}:20: Transport:BackoffMaximum: 2m is less than Transport:BackoffMinimum, 10m",
                $"{file}:22: Nonsense:Key: there is no such option",
                $"{file}:2: Uplink:LogsFlush: '2' is not a duration: write it as 500ms, 10s, 5m, 24h or 7d; it must be 10ms to 1h",
                $"{file}:3: Uplink:RecordBytes: 'big' is not a size: write it as 4096, 64KiB or 256MiB; it must be 4KiB to 192KiB",
                $"{file}:4: Uplink:MetricFlush: there is no such option; did you mean Uplink:MetricsFlush?",
                $"{file}:6: Spool:MaxBytes: 1MiB is less than twice Spool:SegmentBytes, 4MiB",
                $"{file}:7: Spool:SyncRecords: '-1' is not a number: it must be 1 to 100000",
                $"{file}:9: Intervals:gpu: there is no such collector; there are cpu, disk, filesystem, hardware, load, memory, network, paging, processes, temperature, units, uptime",
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

        Assert.Equal(_folder.File("agent.conf") + ":2: 'State' is none of [Section], Key = value or # comment", problem);
    }

    [Fact]
    public void Load_KeyTwice_NamesBothLines() => Assert.Equal(
        _folder.File("agent.conf") + ":4: Device:name is set a second time; the first is in line 3", Assert.Single(Problems("; x\n[Device]\nName=a\nname=b\n")));

    [Fact]
    public void Load_WrongOutsideOfTheFile_NamesThePlace()
    {
        const string Variable = "MESSAGING_AGENT_Spool__SyncRecords";
        Environment.SetEnvironmentVariable(Variable, "0");
        try
        {
            var problems = Assert.Throws<AgentOptionsException>(() => Load("[Spool]\nSyncRecords = 5\n", new() { ["Logs:Poll"] = "2h" })).Problems;

            Assert.Equal(
                ["command line: Logs:Poll: '2h' is too much: it must be 10ms to 1m", $"environment {Variable}: Spool:SyncRecords: '0' is too little: it must be 1 to 100000"],
                problems.Order(StringComparer.Ordinal));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Fact]
    public void Load_EndpointWithAPassword_DoesNotRepeatIt() =>
        Assert.DoesNotContain("hunter2", Assert.Single(Problems("[Transport]\nEndpoint = mqtts://me:hunter2@host\n")), StringComparison.Ordinal);

    [Fact]
    public void Read_Nothing_GivesTheDefaults() =>
        Assert.Equal("/var/lib/messaging-agent", AgentOptionsLoader.Read(new ConfigurationBuilder().Build(), out _).Device.State);

    public void Dispose() => _folder.Dispose();

    private AgentOptions Load(string content, Dictionary<string, string?>? commandLine = null) =>
        AgentOptionsLoader.Load(_folder.Write("agent.conf", content), commandLine ?? Nothing);

    private IReadOnlyList<string> Problems(string content) => Assert.Throws<AgentOptionsException>(() => Load(content)).Problems;
}
