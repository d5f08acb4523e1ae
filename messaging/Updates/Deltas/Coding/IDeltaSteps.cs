namespace Messaging.Updates.Deltas.Coding;

/// <summary>What a new file is made of, from its first byte to its last.</summary>
internal interface IDeltaSteps
{
    /// <summary>The next bytes. Asked for only as long as some are left.</summary>
    DeltaStep Next();
}
