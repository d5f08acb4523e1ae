namespace Messaging.FleetServer.Hosting.Demo;

internal static class TokenWait
{
    /// <summary>Waits until <paramref name="awaited"/> is signalled.</summary>
    public static async Task WaitAsync(this CancellationToken awaited, CancellationToken cancellationToken)
    {
        var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = awaited.Register(signalled.SetResult);
        await signalled.Task.WaitAsync(cancellationToken);
    }
}
