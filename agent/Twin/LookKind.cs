namespace Messaging.Agent.Twin;

/// <summary>What a look at a property found.</summary>
internal enum LookKind
{
    /// <summary>As it is wanted.</summary>
    Same,

    /// <summary>Another: the agent can do something about it.</summary>
    Different,

    /// <summary>Not so yet: somebody else has to do something.</summary>
    Waiting,

    /// <summary>It cannot be so on this device as it is.</summary>
    Impossible,
}
