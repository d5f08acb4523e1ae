namespace Messaging.Agent.Status;

/// <summary>What can be proved later: what this device executed, and how far the server's log went.</summary>
/// <param name="record">The name of the record.</param>
/// <param name="entries">Its last entry.</param>
/// <param name="signed">Up to which entry it is signed and on its way.</param>
/// <param name="witness">The newest that the server has shown of its log; null before the first.</param>
internal sealed class AuditStatus(string record, long entries, long signed, WitnessStatus? witness)
{
    public string Record { get; } = record;

    public long Entries { get; } = entries;

    public long Signed { get; } = signed;

    public WitnessStatus? Witness { get; } = witness;
}
