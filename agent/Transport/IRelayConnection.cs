namespace Messaging.Agent.Transport;

/// <summary>An authenticated connection to a relay.</summary>
internal interface IRelayConnection : IAsyncDisposable
{
    /// <summary>Cancelled when the connection is gone.</summary>
    CancellationToken Ended { get; }

    /// <summary>Why it is gone.</summary>
    string? EndReason { get; }

    /// <summary>The relay has said goodbye, instead of being gone.</summary>
    bool WasOrderly { get; }

    /// <summary>When the relay wants to see the device again, if it said so at the end.</summary>
    TimeSpan? RetryAfter { get; }

    /// <summary>Completes when the relay has answered. The frame must not change before.</summary>
    /// <exception cref="RelayRefusedException">The connection broke.</exception>
    Task<PublishOutcome> PublishAsync(ReadOnlyMemory<byte> frame, CancellationToken ct);
}
