namespace Messaging.Relay.Storage;

/// <summary>Takes part in each transaction as a whole. Called on the writer's thread, which it must not block.</summary>
internal interface IStorePart
{
    /// <summary>All writes are applied: the last that goes into the transaction.</summary>
    void Committing();

    /// <summary>The transaction is gone.</summary>
    void RolledBack();

    /// <summary>All writes were told their outcome.</summary>
    void Completed();
}
