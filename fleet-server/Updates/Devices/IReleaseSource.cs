using Messaging.Updates.Releases;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>What the server's repository says of its targets.</summary>
internal interface IReleaseSource
{
    /// <summary>The release of a target; null when the repository has no such target, with this hash, or it is no release.</summary>
    /// <param name="target">Its path.</param>
    /// <param name="sha256">Lower hex digits.</param>
    Release? Find(string target, string sha256);
}
