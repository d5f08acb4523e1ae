namespace Messaging.Agent.Twin;

/// <summary>What happened to a property.</summary>
internal enum PropertyNews
{
    None,

    /// <summary>It was as it is wanted, and is another.</summary>
    Drifted,

    /// <summary>It had drifted, and is as it is wanted again.</summary>
    Healed,

    /// <summary>It could not be made so.</summary>
    Failed,
}
