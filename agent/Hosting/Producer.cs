namespace Messaging.Agent.Hosting;

/// <summary>A part that makes records: it runs until cancelled, and is cancelled before those that write and send them.</summary>
internal sealed record Producer(Func<CancellationToken, Task> RunAsync);
