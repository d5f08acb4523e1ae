using Messaging.Twin;

namespace Messaging.Agent.Twin;

/// <summary>Looks at the properties of one kind, and makes them right.</summary>
internal interface ITwinSubject
{
    PropertyKind Kind { get; }

    PropertyLimits Limits { get; }

    /// <summary>The desired state that holds from now on.</summary>
    void Take(DesiredState state);

    /// <summary>Before a round of looks.</summary>
    Task BeginAsync(CancellationToken ct);

    /// <summary>How a property of the state that was taken is. Fails with no exception but a cancellation.</summary>
    Look Look(string name);

    /// <summary>Does something about it.</summary>
    /// <returns>Null, or why it could not be done.</returns>
    Task<string?> ActAsync(string name, CancellationToken ct);
}
