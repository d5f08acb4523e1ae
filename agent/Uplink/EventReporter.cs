using System.Buffers;
using System.Threading.Channels;
using Messaging.Agent.Clock;
using Messaging.Agent.Events;
using Messaging.Agent.Hosting;
using Messaging.Streams;
using Messaging.Telemetry;
using DeviceEvent = Messaging.Agent.Events.DeviceEvent;
using WireEvent = Messaging.Telemetry.DeviceEvent;

namespace Messaging.Agent.Uplink;

/// <summary>
/// Turns what happened into durable records at once; refusals are counted and told every few seconds. While the disk refuses, events
/// wait in memory.
/// </summary>
internal sealed class EventReporter(UplinkWriter writer, SecurityLog security, IBootClock boot, TimeProvider time) : IEventSink
{
    private const int MaxWaiting = 1024;
    private const int MaxBatch = 64;
    private const int MaxAttributeChars = 1000;
    private static readonly TimeSpan SecurityInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);
    private readonly Channel<WireEvent> _waiting = Channel.CreateBounded<WireEvent>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public void Report(DeviceEvent happened)
    {
        var attributes = new List<KeyValuePair<string, string>>(happened.Attributes.Count);
        foreach (var (key, value) in happened.Attributes)
        {
            attributes.Add(new(key, value.Length <= MaxAttributeChars ? value : value[..MaxAttributeChars]));
        }

        _waiting.Writer.TryWrite(new WireEvent((long)boot.UptimeMs, happened.Name, happened.Severity, attributes));
    }

    /// <summary>Runs until cancelled, then writes what is left.</summary>
    public async Task RunAsync(CancellationToken ct, LoopBeat? beat = null)
    {
        using var timer = new PeriodicTimer(SecurityInterval, time);
        var refusals = ReportRefusalsAsync(timer, ct);
        var batch = new List<WireEvent>();
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(ct))
            {
                beat?.Busy();
                Drain(batch);
                while (!TryWrite(batch))
                {
                    beat?.IdleFor(RetryInterval);
                    await Task.Delay(RetryInterval, time, ct);
                    beat?.Busy();
                    Drain(batch);
                }

                beat?.Idle();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            ReportRefusals();
            do
            {
                Drain(batch);
            }
            while (TryWrite(batch) && batch.Count == 0 && _waiting.Reader.Count > 0);
        }

        await refusals;
    }

    private byte[] Encode(List<WireEvent> batch)
    {
        var output = new ArrayBufferWriter<byte>();
        new EventBatch(writer.Now, batch).Encode(output);
        return output.WrittenSpan.ToArray();
    }

    private void Drain(List<WireEvent> batch)
    {
        while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out var one))
        {
            batch.Add(one);
        }
    }

    /// <summary>On true the batch is written and empty.</summary>
    private bool TryWrite(List<WireEvent> batch)
    {
        if (batch.Count > 0 && !writer.TryAppend(StreamId.Events, RecordType.Event, Encode(batch), [], durable: true, out _))
        {
            return false;
        }

        batch.Clear();
        return true;
    }

    private async Task ReportRefusalsAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                ReportRefusals();
            }
        }
        catch (OperationCanceledException)
        {
            // The last refusals are reported with the last events.
        }
    }

    private void ReportRefusals()
    {
        foreach (var (reason, count) in security.Take())
        {
            Report(new DeviceEvent(AgentEvents.SecurityRejected, DeviceEvent.Warning, [new("reason", reason), new("count", count.ToString())]));
        }
    }
}
