using Messaging.Agent.Status;
using Messaging.Agent.Transport.Metering;
using Messaging.Streams;

namespace Messaging.Agent.Uplink.Flow;

/// <summary>What is held back and why, on the status screen.</summary>
internal sealed class FlowStatus(ControlPause pause, DataMeter meter, LinkCost link, TimeProvider time) : IStatusPart
{
    public void Contribute(StatusBuilder status)
    {
        var now = time.GetUtcNow();
        var use = meter.Use;
        var left = pause.Left;
        var isPaused = left > TimeSpan.Zero;
        status.Uplink = new UplinkStatus(link.IsMetered, link.Source, isPaused ? "pause" : meter.IsBulkHeld ? "data" : null)
        {
            PausedUntil = isPaused ? now + left : null,
            PausedBy = !isPaused ? null : pause.Cause == PauseCause.Operator ? "operator" : "server-busy",
            DataUsed = use?.Used,
            DataLimit = use?.Limit,
            DataResetAt = now + use?.Left,
        };
        if (use is { Level: not DataLevel.Low })
        {
            status.Problems.Add(new StatusProblem(
                "data",
                $"{StatusText.Bytes(use.Used)} of the day's {StatusText.Bytes(use.Limit)} are used{(meter.IsBulkHeld ? ": metrics and logs wait in the spool" : "")}",
                $"The next day begins in {StatusText.Span(use.Left)}. Raise Uplink:DailyBytes, or measure less often.",
                null));
        }
    }
}
