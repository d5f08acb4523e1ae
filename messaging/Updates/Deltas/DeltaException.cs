namespace Messaging.Updates.Deltas;

/// <summary>A delta was refused. What was written of the new file until then is nothing and must be thrown away.</summary>
/// <param name="failure">Why.</param>
/// <param name="message">What is wrong with it.</param>
public sealed class DeltaException(DeltaFailure failure, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public DeltaFailure Failure { get; } = failure;
}
