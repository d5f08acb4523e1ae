namespace Messaging.Agent.Transport;

internal enum PublishOutcome
{
    /// <summary>The relay has passed it on.</summary>
    Passed,

    /// <summary>Control is not connected to the relay: it will be sent again.</summary>
    NobodyThere,

    /// <summary>The relay would not take it: too many, too large.</summary>
    Refused,
}
