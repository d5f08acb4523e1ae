using System.Buffers;
using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Downlink;
using Messaging.Agent.Hosting;
using Messaging.Agent.Identity;
using Messaging.Agent.Logs;
using Messaging.Agent.Spool;
using Messaging.Agent.Transport;
using Messaging.Agent.Uplink;
using Messaging.Streams;
using Messaging.Telemetry;
using Messaging.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Outage.Tests.Harness;

/// <summary>
/// One process of the agent, from its start to its end, made of its own parts as they are put together; only the loops of collectors and log sources
/// are left out: when something is collected, and what logs say, comes from the test.
/// </summary>
internal sealed class AgentLife : IAsyncDisposable
{
    private const string LogKey = "file:/var/log/week";

    /// <summary>How much further a moment of draining is.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(100);
    private static readonly LogOrigin Source = new(LogOriginKind.File, "/var/log/week");
    private readonly AgentState _state;
    private readonly ServiceProvider _parts;
    private readonly LapseTime _time;
    private readonly LapseBoot _boot;
    private readonly CancellationTokenSource _writing = new();
    private readonly Task _batching;
    private readonly Task _commanding;
    private readonly MetricAccumulator _samples;
    private readonly MetricFlusher _flusher;
    private readonly LogBatcher _logs;
    private readonly SpoolKeeper _keeper;
    private readonly SampleBuffer _collected = new();
    private readonly HashSet<ICollector> _unavailable = [];

    public AgentLife(AgentOptions options, LapseBoot boot, LapseTime time, IRelayConnector connector)
    {
        _time = time;
        _boot = boot;
        _state = AgentState.Open(new StateFolder(options.Device.State), options, boot, time, PhysicalDisk.Instance)!;
        _parts = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddMessagingAgent(options, _state, boot)
            .AddSingleton(new LoopBeats(TimeSpan.FromMinutes(1), time))
            .AddSingleton<TimeProvider>(time)
            .AddSingleton(connector)
            .BuildServiceProvider();
        _samples = _parts.GetRequiredService<MetricAccumulator>();
        _flusher = _parts.GetRequiredService<MetricFlusher>();
        _logs = _parts.GetRequiredService<LogBatcher>();
        _keeper = _parts.GetRequiredService<SpoolKeeper>();
        Assert.True(_parts.GetRequiredService<UplinkWriter>().TryOpen());

        // What a run that was killed had collected and not sealed.
        Assert.True(_flusher.RunAsync(new CancellationToken(canceled: true)).IsCompletedSuccessfully);
        _batching = _logs.RunAsync(_writing.Token);
        _commanding = _parts.GetRequiredService<CommandCenter>().RunAsync(_writing.Token);
    }

    public SpoolStore Spool => _state.Spool;

    public CommandJournal Journal => _state.Journal;

    /// <summary>Gets how often the newest epoch has sealed something of a stream.</summary>
    public (EpochId Epoch, ulong Seq) Last(uint stream) => (Spool.NewestEpoch!.Id, Spool.NewestEpoch.LastSeq.GetValueOrDefault(stream));

    public void Measure(ReadOnlySpan<Sample> samples) => _samples.Add((long)_boot.UptimeMs, samples);

    /// <summary>Lets every collector measure whose interval is over, as the scheduler does, and shows what came of it.</summary>
    public async Task CollectAsync(TimeSpan lapsed, CollectedSamples seen)
    {
        foreach (var collector in _parts.GetServices<ICollector>())
        {
            if (lapsed.Ticks % collector.DefaultInterval.Ticks != 0 || _unavailable.Contains(collector))
            {
                continue;
            }

            _collected.Clear();
            try
            {
                await collector.CollectAsync(_collected, CancellationToken.None);
            }
            catch (CollectorUnavailableException)
            {
                _unavailable.Add(collector);
                continue;
            }

            Measure(_collected.Samples);
            seen(_collected.Samples);
        }
    }

    public void Flush() => _flusher.Flush(durable: false);

    /// <summary>What is done every second for the case of a kill.</summary>
    public void SaveSamples() => _flusher.Save();

    public ValueTask LogAsync(string line) => _logs.WriteAsync(
        new LogChunk(LogKey, [new LogLine(new LineTime(_boot.BootId, (long)_boot.UptimeMs, _time.GetUtcNow().ToUnixTimeMilliseconds()), 9, Source, line, null)], new byte[8]), CancellationToken.None);

    public void Report(string name)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = _parts.GetRequiredService<UplinkWriter>();
        new EventBatch(writer.Now, [new DeviceEvent((long)_boot.UptimeMs, name, 9, [])]).Encode(output);
        Assert.True(writer.TryAppend(StreamId.Events, RecordType.Event, output.WrittenSpan, [], durable: true, out _));
    }

    /// <summary>A step of the spool's keeper.</summary>
    public void Keep() => _ = _keeper.RunAsync(new CancellationToken(canceled: true)).Exception;

    /// <summary>Is connected until everything is confirmed.</summary>
    public Task DrainAsync(TimeSpan patience) => ConnectAsync(
        () => Spool.Counts().UnackedRecords == 0 && !Spool.OutstandingGaps().Any(), () => $"{Spool.Counts().UnackedRecords} records are not confirmed", patience);

    /// <summary>Is connected until something has happened.</summary>
    /// <param name="until">What.</param>
    /// <param name="still">What is wrong when the patience is over.</param>
    /// <param name="patience">Of this machine's time.</param>
    public async Task ConnectAsync(Func<bool> until, Func<string> still, TimeSpan patience)
    {
        using var stop = new CancellationTokenSource();
        var sender = _parts.GetRequiredService<UplinkSender>();
        var downlink = _parts.GetRequiredService<DownlinkReceiver>();
        Task Receive(ReadOnlyMemory<byte> frame)
        {
            downlink.Receive(frame.Span);
            return Task.CompletedTask;
        }

        Task[] running =
        [
            _keeper.RunAsync(stop.Token),
            _parts.GetRequiredService<ConnectionKeeper>().RunAsync(Receive, (connection, ct) => sender.RunAsync(connection, ct), stop.Token),
        ];
        var began = TimeProvider.System.GetTimestamp();
        while (!until())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < patience, $"{still()} after {patience}.");

            // History goes at its own rate, in a time that passes faster.
            _time.Lapse(Ahead);
            await await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken), running[0], running[1]);
        }

        await stop.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Ends as a process that is killed: nothing more is written.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writing.CancelAsync();
        await _batching;
        await _commanding;
        await _parts.DisposeAsync();
        _state.Dispose();
        _writing.Dispose();
    }
}
