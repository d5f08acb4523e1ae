namespace Messaging.Relay.Storage;

/// <summary>What became of a write.</summary>
internal enum StoreOutcome
{
    /// <summary>It is on the disk.</summary>
    Durable,

    /// <summary>The disk has no room. Nothing of it was written; the next write tries again.</summary>
    Full,

    /// <summary>The disk failed. Nothing of it was written.</summary>
    Failed,

    /// <summary>More waits to be written than may.</summary>
    Busy,

    /// <summary>The relay stops.</summary>
    Stopped,
}
