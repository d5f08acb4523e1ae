using Messaging.Agent.Status;
using Messaging.Agent.Updates.Neighbours;
using Messaging.Agent.Updates.State;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates;

/// <summary>The update, and what neighbours have from here, on the status screen.</summary>
/// <param name="store">What is kept of updates.</param>
/// <param name="shared">What is kept for neighbours.</param>
/// <param name="server">What gives it to them; null: nothing does.</param>
internal sealed class UpdatesOnScreen(UpdateStore store, SharedArtifacts shared, NeighbourServer? server) : IStatusPart
{
    public void Contribute(StatusBuilder status)
    {
        if (store.Last is { } last)
        {
            var fetched = last.Fetched;
            status.Update = new UpdateProgress(last.State.Word(), last.Assignment.Target, last.Detail, fetched.Neighbours, fetched.Mirrors, fetched.Homes);
        }

        if (server is not null)
        {
            var (artifacts, bytes) = shared.Sum();
            status.Sharing = new SharingStatus(artifacts, bytes, server.Given);
        }
    }
}
