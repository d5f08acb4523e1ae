using System.Text.Json;
using Messaging.Agent.Configuration;
using Messaging.Agent.Hosting;
using Messaging.Agent.Tests.Configuration;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Hosting;

[Collection("Environment of the process")]
public sealed class ConfigCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public void Check_RightFile_SaysSoAndNotesWhatMayNotBeMeant()
    {
        var script = _folder.Write("loose", "#!/bin/sh\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
        var file = Write($"[Commands]\nAllow = run-script,restart-unit\nScriptsDirectory =\n[Scripts]\nloose = {script}\n[Logs]\nFiles = {_folder.File("absent.log")}\n[Collect]\nDisable = units\n[Intervals]\nunits = 1m\n");

        var code = Check(file);

        Assert.Equal(("", 0), (_error.ToString(), code));
        Assert.Equal(
            [
                $"note: Scripts: loose cannot be run: {script} or its folder could have been changed by others than root and the agent's user: it is not run.",
                "note: Commands:Allow: run-script is allowed, and there is no script in Commands:ScriptsDirectory or [Scripts]",
                "note: Commands:Allow: restart-unit is allowed, and Commands:Units names none",
                $"note: Logs:Files: nothing matches {_folder.File("absent.log")} now; it is followed as soon as it is there",
                "note: Intervals:units: the collector is turned off by Collect:Disable",
                $"The configuration is right: {file}.",
            ],
            _output.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public void Check_WrongFile_TellsAllOnStandardErrorAndExits78()
    {
        var file = Write("[Uplink]\nLogsFlush = 2\nNonsense = 1\n");

        Assert.Equal(78, Check(file));

        Assert.Empty(_output.ToString());
        Assert.Equal(
            [
                $"wrong: {file}:2: Uplink:LogsFlush: '2' is not a duration: write it as 500ms, 10s, 5m, 24h or 7d; it must be 10ms to 1h",
                $"wrong: {file}:3: Uplink:Nonsense: there is no such option",
            ],
            _error.ToString().TrimEnd().Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Check_AsJson_IsOneObjectOnStandardOutput()
    {
        Assert.Equal(78, Check(Write("[Uplink]\nLogsFlush = 2\n"), json: true));

        Assert.Empty(_error.ToString());
        using var document = JsonDocument.Parse(_output.ToString());
        Assert.False(document.RootElement.GetProperty("valid").GetBoolean());
        Assert.Contains(":2: Uplink:LogsFlush", document.RootElement.GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_EachOption_HasItsValueAndWhereThatComesFrom()
    {
        const string Variable = "MESSAGING_AGENT_Device__Name";
        Environment.SetEnvironmentVariable(Variable, "kitchen\u001b[31m");
        _folder.Write("state/intervals.json", """{"disk":2000}""");
        try
        {
            var file = Write("[Uplink]\nLogsFlush = 0.5s\n[Intervals]\ncpu = 1500ms\ndisk = 5s\n[Scripts]\nclean = /bin/true\n");

            Assert.Equal(0, await ConfigCommand.ShowAsync(Open(file, new() { ["Spool:MaxBytes"] = "1048576kB", ["Device:State"] = _folder.File("state") }), json: false, _output));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }

        var rows = _output.ToString().TrimEnd().Split('\n').Skip(1).Select(line => line.Split(' ', 2)).ToDictionary(row => row[0], row => row[1].Trim());
        Assert.Equal("environment   kitchen?[31m", rows["Device:Name"]);
        Assert.Equal("file:2        500ms", rows["Uplink:LogsFlush"]);
        Assert.Equal("command line  1000MiB", rows["Spool:MaxBytes"]);
        Assert.Equal("file:4        1500ms", rows["Intervals:cpu"]);
        Assert.Equal("command       2s", rows["Intervals:disk"]);
        Assert.Equal("default       1m", rows["Intervals:filesystem"]);
        Assert.Equal("default       16KiB", rows["Logs:LineBytes"]);
        Assert.Equal("file:7        /bin/true", rows["Scripts:clean"]);
        Assert.Equal(OptionCatalog.All.Count + OptionCatalog.DefaultIntervals.Count + 1, rows.Count);
    }

    [Fact]
    public async Task Show_OfTheDefaults_IsWhatTheSampleFileShows()
    {
        await ConfigCommand.ShowAsync(Open(Write(""), new() { ["Device:State"] = "/var/lib/messaging-agent" }), json: true, _output);

        using var document = JsonDocument.Parse(_output.ToString());
        var shown = document.RootElement.EnumerateArray().ToDictionary(item => item.GetProperty("key").GetString()!, item => item.GetProperty("value").GetString()!);
        foreach (var (key, value) in SampleFile.Options().Where(option => !option.Key.StartsWith("Scripts:", StringComparison.Ordinal) && option.Key.Count(c => c == ':') == 1))
        {
            Assert.Equal((key, Normalize(key, value)), (key, Normalize(key, shown[key])));
        }

        static string Normalize(string key, string value)
        {
            Assert.Null(OptionValue.Normalize(OptionCatalog.Find(key)!, value, out var normalized));
            return normalized;
        }
    }

    [Fact]
    public async Task Verbs_OfTheProgram_AreWiredAndTheirHelpHasExamples()
    {
        var file = Write("[Uplink]\nLogsFlush = 2\n");
        var (code, output) = await AgentProcess.RunAsync(_folder.File("state"), "config", "check", "--config", file);
        Assert.Equal(78, code);
        Assert.Contains($"{file}:2: Uplink:LogsFlush", output, StringComparison.Ordinal);

        (code, output) = await AgentProcess.RunAsync(_folder.File("state"), "config", "show");
        Assert.Equal(0, code);
        Assert.Contains("Device:State", output, StringComparison.Ordinal);

        foreach (var verb in new[] { "run", "enroll", "status", "config check", "config show", "version" })
        {
            (code, output) = await AgentProcess.RunAsync(_folder.File("state"), [.. verb.Split(' '), "--help"]);
            Assert.Equal(0, code);
            Assert.Contains("Examples:\n  messaging-agent " + verb, output, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    private static ConfigurationSources Open(string file, Dictionary<string, string?>? commandLine = null) => ConfigurationSources.Open(file, commandLine ?? []);

    private int Check(string file, bool json = false) => ConfigCommand.Check(() => Open(file), json, _output, _error);

    private string Write(string content) => _folder.Write("agent.conf", content);
}
