using Messaging.Agent.Logs;
using Messaging.Telemetry;
using Messaging.Wire;

namespace Messaging.Agent.Uplink;

/// <summary>Turns lines into entries of one batch, and numbers the boots that they were written in.</summary>
/// <param name="thisBoot">The boot of the batch.</param>
internal sealed class LineBoots(BootId thisBoot)
{
    private readonly List<BootTime> _earlier = [];

    /// <summary>The other boots, each with the wall clock of its last line.</summary>
    public IReadOnlyList<BootTime> Earlier => _earlier;

    public LogEntry Convert(LogLine line) => new(
        line.Time.MonoMs, line.Severity, new LogSource((LogSourceKind)line.Source.Kind, line.Source.Name), line.Body, line.Attributes ?? [], Number(line.Time));

    private int Number(LineTime time)
    {
        if (time.BootId == thisBoot)
        {
            return 0;
        }

        var index = _earlier.FindIndex(one => one.BootId == time.BootId);
        if (index < 0)
        {
            index = _earlier.Count;
            _earlier.Add(default);
        }

        _earlier[index] = new BootTime(time.BootId, time.WallUnixMs, time.MonoMs);
        return index + 1;
    }
}
