using Messaging.Agent.Collect.Scheduling;
using Messaging.Telemetry;

namespace Messaging.Agent.Uplink;

/// <summary>The number of a series in an epoch, and what the server was told of it.</summary>
internal sealed class SeriesNumber(uint id, SeriesKey key, SeriesDefinition definition)
{
    public uint Id { get; } = id;

    public SeriesKey Key { get; } = key;

    public SeriesDefinition Definition { get; } = definition;

    /// <summary>The first record that holds the definition; 0 before there is one.</summary>
    public ulong DefinedIn { get; set; }

    /// <summary>The last record that refers to it.</summary>
    public ulong UsedIn { get; set; }

    /// <summary>The last batch that had it.</summary>
    public int Batch { get; set; }

    /// <summary>Others are described by it, so that it is never forgotten.</summary>
    public bool IsModel { get; set; }

    /// <summary>The server has the definition, when it has the epoch's metrics through this record.</summary>
    public bool IsKnown(ulong through) => DefinedIn != 0 && DefinedIn <= through;
}
