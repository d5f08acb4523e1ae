using System.Text.Json.Nodes;

namespace Messaging.EndToEnd.Harness;

/// <summary><c>fleet-server demo</c>, started as a user starts it.</summary>
internal sealed class Demo : IAsyncDisposable
{
    private readonly ScratchFolder _scratch;
    private readonly ChildProcess _process;

    private Demo(ScratchFolder scratch, ChildProcess process, JsonNode ready)
    {
        _scratch = scratch;
        _process = process;
        Ready = ready;
        Api = new FleetApi(Url, ready["apiToken"]!.GetValue<string>());
    }

    public JsonNode Ready { get; }

    public FleetApi Api { get; }

    public string Data => _scratch["data"];

    public string Url => Ready["url"]!.GetValue<string>();

    public int MqttPort => Ready["mqttPort"]!.GetValue<int>();

    public string DeviceId => Ready["deviceId"]!.GetValue<string>();

    public ChildProcess Process => _process;

    public static async Task<Demo> Start(TimeSpan deadline)
    {
        var scratch = new ScratchFolder();
        var process = ChildProcess.Start(Repository.FleetServer, ["demo", "--data", scratch["data"], "--port", "0", "--mqtt-port", "0"]);
        try
        {
            var file = Path.Combine(scratch["data"], "ready.json");
            await Eventually.Is($"the demo writes ready.json; it says:\n{process.Output}", deadline, () => process.HasExited
                ? throw new InvalidOperationException($"The demo ended with {process.ExitCode}:\n{process.Output}")
                : Task.FromResult(File.Exists(file)));
            return new Demo(scratch, process, JsonNode.Parse(await File.ReadAllTextAsync(file))!);
        }
        catch (Exception e) when (e is TimeoutException)
        {
            var output = process.Output;
            await process.DisposeAsync();
            scratch.Dispose();
            throw new TimeoutException($"{e.Message}\n{output}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (!_process.HasExited)
        {
            _process.Terminate();
            await _process.WaitForExit(TimeSpan.FromSeconds(20));
        }

        await _process.DisposeAsync();
        _scratch.Dispose();
    }
}
