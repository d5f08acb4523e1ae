namespace Messaging.Agent.Logs;

/// <summary>The newest durable checkpoints; the spool's.</summary>
internal interface ILogCheckpoints
{
    IReadOnlyList<LogCheckpoint> Find(string prefix);
}
