using Messaging.Agent.Uplink;
using Messaging.Commands;
using Messaging.Streams;

namespace Messaging.Agent.Commands;

/// <summary>Tells the issuer how far a command is.</summary>
internal sealed class CommandReports(UplinkWriter writer)
{
    /// <summary>What the spool refuses now is told when the agent starts again: the journal knows.</summary>
    public bool Send(CommandReport report, bool durable) =>
        writer.TryAppend(StreamId.Events, RecordType.CommandReport, report.Encode(), [], durable, out _);
}
