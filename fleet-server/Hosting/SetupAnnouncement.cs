using Messaging.FleetServer.Access;

namespace Messaging.FleetServer.Hosting;

/// <summary>Says where the server is once it serves; while there is no owner, with the link that makes the first one.</summary>
internal sealed class SetupAnnouncement(SetupLink link, ServerAddresses addresses, Announcer announcer) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var secret = await link.IssueAsync(cancellationToken);

        // The one place where the secret is shown; it is not written to the log, which may be kept elsewhere.
        announcer.Say(secret is null
            ? $"The fleet server is at {addresses.Url}"
            : $"""

              The fleet has no owner yet. Open this link once to become it (a restart makes a new one):

                {addresses.Url}/setup#{secret}

              """);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
