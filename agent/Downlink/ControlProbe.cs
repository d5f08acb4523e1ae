using Messaging.Agent.Configuration;
using Messaging.Agent.Gpio.Outputs;
using Messaging.Agent.Transport;
using Messaging.Agent.Uplink;
using Messaging.Agent.Uplink.Flow;
using Messaging.Streams;

namespace Messaging.Agent.Downlink;

/// <summary>
/// Asks control to say that it is there, where there was no other reason to say anything: for outputs that are made safe when it is silent, and
/// while metrics are held back, so that the server sees that the device lives.
/// </summary>
internal sealed class ControlProbe(
    ControlWord word, VolatileOutbox outbox, ConnectionState connection, OutputSet outputs, UplinkFlow flow, AgentOptions options, TimeProvider time)
{
    /// <summary>So that two questions may be lost before the silence has lasted too long.</summary>
    private const int Questions = 3;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    private readonly Signal _changed = new();

    private TimeSpan Interval
    {
        get
        {
            var outputsInterval = outputs.Patience / Questions is { } third ? third > Shortest ? third : Shortest : Timeout.InfiniteTimeSpan;
            return UplinkFlow.Sooner(outputsInterval, flow.IsBulkHeld ? options.Uplink.MeteredFlush : Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        flow.Changed += _changed.Set;
        try
        {
            while (true)
            {
                var left = Interval;
                if (left != Timeout.InfiniteTimeSpan)
                {
                    left -= word.Silence;
                    if (left <= TimeSpan.Zero)
                    {
                        Ask();
                        left = Interval;
                    }
                }

                await _changed.WaitAsync(left, time, ct);
            }
        }
        finally
        {
            flow.Changed -= _changed.Set;
        }
    }

    private void Ask()
    {
        if (connection.IsConnected)
        {
            outbox.Send(RecordType.AckRequest, AckRequest.Encode());
        }
    }
}
