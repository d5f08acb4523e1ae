using Messaging.Updates;
using Messaging.Updates.Releases;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>What this server's own repository says of its targets.</summary>
internal sealed class RepositoryReleases(UpdateRepository repository) : IReleaseSource
{
    public Release? Find(string target, string sha256)
    {
        if (repository.Published.Targets?.Find(target) is not { } file || file.Hashes.Sha256 is not { } hash || Convert.ToHexStringLower(hash) != sha256)
        {
            return null;
        }

        try
        {
            return Release.Read(file);
        }
        catch (TufException)
        {
            // Published by an older version, say: the device says what it makes of it.
            return null;
        }
    }
}
