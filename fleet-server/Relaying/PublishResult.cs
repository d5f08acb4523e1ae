namespace Messaging.FleetServer.Relaying;

/// <summary>What became of a publication.</summary>
internal enum PublishResult
{
    /// <summary>The relay passed it on to a connection that listens. It may still be lost with that connection.</summary>
    Passed,

    /// <summary>The relay says that the device is not there.</summary>
    NobodyThere,

    /// <summary>There is no relay at the moment, it refused or it did not answer.</summary>
    Failed,
}
