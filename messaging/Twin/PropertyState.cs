namespace Messaging.Twin;

/// <summary>How far a property is.</summary>
public enum PropertyState
{
    /// <summary>As it is wanted.</summary>
    Converged,

    /// <summary>It is new, and not so yet.</summary>
    Converging,

    /// <summary>It was so and is another; it is being healed.</summary>
    Drifted,

    /// <summary>It cannot be made so.</summary>
    Failed,
}
