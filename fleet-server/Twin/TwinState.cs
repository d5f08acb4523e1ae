namespace Messaging.FleetServer.Twin;

/// <summary>How far a device is with its desired state; the worst of its properties decides.</summary>
internal enum TwinState
{
    /// <summary>Nothing is wanted of it.</summary>
    None,

    /// <summary>What is wanted is on its way; it expires with its command.</summary>
    Pending,
    Converged,
    Converging,
    Drifted,
    Failed,
}
