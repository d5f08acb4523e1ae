namespace Messaging.Agent.Updates.Root;

/// <summary>What the helper can be asked for.</summary>
internal enum UpdateVerb
{
    /// <summary>Whether a release may be installed here, before it is fetched.</summary>
    Prepare,

    /// <summary>Takes what was fetched, verifies it, and lays it into the inactive place.</summary>
    Stage,

    /// <summary>Makes it the current one.</summary>
    Switch,

    /// <summary>It has passed.</summary>
    Commit,

    /// <summary>It has not.</summary>
    Rollback,

    /// <summary>What is kept for it is not needed any more.</summary>
    Forget,

    /// <summary>How far it is.</summary>
    Look,
}
