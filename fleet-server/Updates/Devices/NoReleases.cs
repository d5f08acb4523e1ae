using Messaging.Updates.Releases;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>A server without a repository: devices say themselves what they install.</summary>
internal sealed class NoReleases : IReleaseSource
{
    public Release? Find(string target, string sha256) => null;
}
