using Messaging.Agent.Collect;
using Messaging.Agent.Commands;
using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Configuration;
using Messaging.Agent.Gpio.Outputs;
using Messaging.Agent.Identity;
using Messaging.Streams;
using Messaging.Telemetry;

namespace Messaging.Agent.Uplink;

/// <summary>Tells what the device is and allows: in each new epoch, and when it changes.</summary>
internal sealed class DeviceInfoReporter(
    ICollectControl control, ScriptCatalog scripts, CommandPolicy policy, OutputSet outputs, UplinkWriter writer, AgentOptions options, TimeProvider time) : IDisposable
{
    private const int MaxScripts = 256;
    private const int MaxUnits = 256;

    /// <summary>Several intervals are changed one after the other.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);
    private readonly Signal _changed = new();

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        writer.EpochOpened += _changed.Set;
        control.IntervalsChanged += OnIntervalsChanged;
        Send();
        while (true)
        {
            await _changed.WaitAsync(Timeout.InfiniteTimeSpan, time, ct);
            await Task.Delay(Settle, time, ct);
            Send();
        }
    }

    public void Dispose()
    {
        writer.EpochOpened -= _changed.Set;
        control.IntervalsChanged -= OnIntervalsChanged;
    }

    private void OnIntervalsChanged(object? sender, EventArgs args) => _changed.Set();

    private void Send()
    {
        var info = new DeviceInfo(
            [.. DeviceFacts.Read(options.Device), .. Outputs()],
            [.. control.Intervals],
            [.. policy.Allowed.Order(StringComparer.Ordinal)],
            [.. scripts.Names.Take(MaxScripts)],
            [.. options.Commands.UnitList().Take(MaxUnits)]);
        writer.TryAppend(StreamId.Events, RecordType.DeviceInfo, info.Encode(), [], durable: true, out _);
    }

    private IEnumerable<KeyValuePair<string, string>> Outputs() =>
        new KeyValuePair<string, string>[] { new("gpio.outputs", outputs.Names(OutputKind.Gpio)), new("pwm.outputs", outputs.Names(OutputKind.Pwm)), new("app.names", Apps()) }
            .Where(fact => fact.Value.Length > 0);

    private string Apps() => options.Local.Enabled == "yes" ? string.Join(",", options.Local.AppList()) : "";
}
