using System.Globalization;
using Messaging.Agent.Collect;
using Messaging.Agent.Commands;
using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Configuration;
using Messaging.Agent.Gpio.Outputs;
using Messaging.Agent.Identity;
using Messaging.Agent.Uplink.Flow;
using Messaging.Streams;
using Messaging.Telemetry;

namespace Messaging.Agent.Uplink;

/// <summary>Tells what the device is and allows: in each new epoch, and when it changes.</summary>
internal sealed class DeviceInfoReporter(
    ICollectControl control, ScriptCatalog scripts, CommandPolicy policy, OutputSet outputs, UplinkWriter writer, UplinkFlow flow, AgentOptions options, TimeProvider time) : IDisposable
{
    private const int MaxScripts = 256;
    private const int MaxUnits = 256;

    /// <summary>Several intervals are changed one after the other.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan UsualSilence = TimeSpan.FromSeconds(30);
    private readonly Signal _changed = new();
    private readonly Signal _looked = new();
    private string? _toldSilence;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        writer.EpochOpened += _changed.Set;
        control.IntervalsChanged += OnIntervalsChanged;
        flow.Changed += _looked.Set;
        Send();
        await Task.WhenAll(SendChangesAsync(ct), WatchFlowAsync(ct));
    }

    public void Dispose()
    {
        writer.EpochOpened -= _changed.Set;
        control.IntervalsChanged -= OnIntervalsChanged;
        flow.Changed -= _looked.Set;
    }

    private async Task SendChangesAsync(CancellationToken ct)
    {
        while (true)
        {
            await _changed.WaitAsync(Timeout.InfiniteTimeSpan, time, ct);
            await Task.Delay(Settle, time, ct);
            Send();
        }
    }

    /// <summary>Most of what changes there lasts a moment and is nobody's business.</summary>
    private async Task WatchFlowAsync(CancellationToken ct)
    {
        while (true)
        {
            await _looked.WaitAsync(flow.Recheck, time, ct);
            if (Silence() != _toldSilence)
            {
                _changed.Set();
            }
        }
    }

    /// <summary>The server hears of this device at least this often, in seconds; null: as often as it expects by itself.</summary>
    private string? Silence()
    {
        var flush = flow.IsQuiet && options.Uplink.MeteredFlush > options.Uplink.MetricsFlush ? options.Uplink.MeteredFlush : options.Uplink.MetricsFlush;
        return flush > UsualSilence ? Math.Ceiling(flush.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null;
    }

    private void OnIntervalsChanged(object? sender, EventArgs args) => _changed.Set();

    private void Send()
    {
        _toldSilence = Silence();
        var info = new DeviceInfo(
            [.. DeviceFacts.Read(options.Device), .. Outputs(), .. Quiet(_toldSilence)],
            control.Intervals,
            [.. policy.Allowed.Order(StringComparer.Ordinal)],
            [.. scripts.Names.Take(MaxScripts)],
            [.. options.Commands.UnitList().Take(MaxUnits)]);
        writer.TryAppend(StreamId.Events, RecordType.DeviceInfo, info.Encode(), [], durable: true, out _);
    }

    private IEnumerable<KeyValuePair<string, string>> Outputs() =>
        [.. Named("gpio.outputs", outputs.Names(OutputKind.Gpio)), .. Named("pwm.outputs", outputs.Names(OutputKind.Pwm)), .. Named("app.names", Apps()),
            .. Named("run.interpreters", string.Join(",", options.Commands.InterpreterList())), .. Named("files.read", string.Join(",", options.Commands.ReadPathList())),
            .. Named("files.write", string.Join(",", options.Commands.WritePathList())),
            .. Named("packages.names", string.Join(",", options.Commands.PackageList()))];

    private static KeyValuePair<string, string>[] Named(string fact, string names) => names.Length > 0 ? [new(fact, names)] : [];

    private static IEnumerable<KeyValuePair<string, string>> Quiet(string? silence) => silence is null ? [] : [new("uplink.silence", silence)];

    private string Apps() => options.Local.Enabled == "yes" ? string.Join(",", options.Local.AppList()) : "";
}
