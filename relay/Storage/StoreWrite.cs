namespace Messaging.Relay.Storage;

/// <summary>Something to be written. All three methods run on the writer's thread, which they must not block.</summary>
internal abstract class StoreWrite
{
    /// <summary>What it counts against what may wait, in bytes.</summary>
    public abstract int Size { get; }

    /// <summary>Writes it into the open transaction.</summary>
    public abstract void Apply();

    /// <summary>The transaction that it was applied in is gone: what <see cref="Apply"/> changed in memory is taken back.</summary>
    public abstract void Revert();

    /// <summary>Tells whoever waits.</summary>
    public abstract void Complete(StoreOutcome outcome);
}
