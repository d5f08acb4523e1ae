namespace Messaging.Cli.Audit;

/// <summary>A line of an exported audit, and an item of the server's pages: exactly one of the five is there.</summary>
/// <param name="Trust">Whom the fleet trusts, base64 of the bundle: the first line. It proves itself against the fleet's fingerprint.</param>
/// <param name="Checkpoint">What the server has signed of a log.</param>
/// <param name="Entry">An entry of a log.</param>
/// <param name="DeviceKey">A device's change of its identity key.</param>
/// <param name="Executions">A part of a device's record.</param>
internal sealed record AuditLine(
    string? Trust = null, CheckpointItem? Checkpoint = null, EntryItem? Entry = null, DeviceKeyItem? DeviceKey = null, ExecutionsItem? Executions = null);
