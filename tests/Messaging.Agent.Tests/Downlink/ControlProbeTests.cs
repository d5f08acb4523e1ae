using Messaging.Agent.Clock;
using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Configuration;
using Messaging.Agent.Downlink;
using Messaging.Agent.Gpio.Outputs;
using Messaging.Agent.Hosting;
using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Gpio;
using Messaging.Agent.Tests.Hosting;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Transport;
using Messaging.Agent.Transport.Metering;
using Messaging.Agent.Uplink;
using Messaging.Agent.Uplink.Flow;
using Messaging.Streams;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Downlink;

/// <summary>An output becomes safe after 30 s of silence: control is asked after 10 s of it, while there is a connection.</summary>
public sealed class ControlProbeTests : IDisposable
{
    private static readonly StateFleet Fleet = new();
    private readonly FakeTimeProvider _time = new();
    private readonly AgentState _state;
    private readonly UplinkWriter _writer;
    private readonly FixedBootClock _boot = new();
    private readonly RecordedEvents _events = new();
    private readonly ControlPause _pause;
    private readonly ControlWord _word;
    private readonly VolatileOutbox _outbox;
    private readonly ConnectionState _connection;
    private readonly CancellationTokenSource _stop = new();
    private OutputSet? _outputs;

    public ControlProbeTests()
    {
        var disk = new CrashDisk("state");
        var world = new StateWorld(disk, Fleet);
        world.Enrol();
        _state = world.Open(disk)!;
        _writer = world.Writer(_state);
        Assert.True(_writer.TryOpen());
        _pause = new ControlPause(_boot, _events);
        _word = new ControlWord(_time);
        _outbox = new VolatileOutbox(_writer);
        _connection = new ConnectionState(_time);
    }

    [Fact]
    public async Task Run_WhileControlIsSilent_AsksBeforeAnOutputIsMadeSafe()
    {
        var running = Run(output: true);
        Connect();

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(Asked());
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.True(Asked, "control is asked");

        // It answers: the next question has time again.
        _word.Heard();
        _time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.True(Asked, "control is asked again");
        await EndAsync(running);
    }

    [Fact]
    public async Task Run_WithoutAConnection_AsksNobody()
    {
        var running = Run(output: true);

        _time.Advance(TimeSpan.FromMinutes(1));

        await EndAsync(running);
        Assert.False(Asked());
    }

    [Fact]
    public async Task Run_WithNothingThatWaitsForControl_AsksOnlyWhileMetricsAreHeldBack()
    {
        var running = Run(output: false);
        Connect();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(Asked());

        _pause.Receive(new Pause(_boot.BootId, _boot.UptimeMs + 3_600_000, PauseCause.Operator), new AckPosition(default, 1, 1));

        await Eventually.True(Asked, "the server sees that the device lives");
        await EndAsync(running);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _outputs?.Dispose();
        _writer.Dispose();
        _state.Dispose();
    }

    private Task Run(bool output)
    {
        var options = new AgentOptions();
        if (output)
        {
            options.Gpio["pump"] = new GpioOptions { Line = "1", Direction = "output", Safe = "off", SafeAfter = TimeSpan.FromSeconds(30) };
        }

        _outputs = new OutputSet(options, new FakeGpio(), new KernelRoot(options.Collect.Proc, options.Collect.Sys), _word, _events, _time);
        var meter = new DataMeter(
            _state.Disk, "state/data", options.Uplink, new WallClock(_time, _boot, _state.Clock, new FakeDiscipline(), options), _events, _time, NullLogger<DataMeter>.Instance);
        var flow = new UplinkFlow(_pause, meter, new LinkCost(options));
        return new ControlProbe(_word, _outbox, _connection, _outputs, flow, options, _time).RunAsync(_stop.Token);
    }

    private void Connect()
    {
        Assert.True(RelayEndpoint.TryParse("mqtt://127.0.0.1:1883", out var endpoint, out _));
        _connection.Connected(endpoint, null);
    }

    private bool Asked() => _outbox.Frames.TryRead(out _);

    private async Task EndAsync(Task running)
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
