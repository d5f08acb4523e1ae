namespace Messaging.Agent.Status;

/// <summary>A checkpoint of the server's audit log that this device holds it to.</summary>
/// <param name="log">The log.</param>
/// <param name="number">Its last entry then.</param>
/// <param name="time">When the server signed it.</param>
internal sealed class WitnessStatus(string log, long number, DateTimeOffset time)
{
    public string Log { get; } = log;

    public long Number { get; } = number;

    public DateTimeOffset Time { get; } = time;
}
