namespace Messaging.Agent.Local;

/// <summary>A program that takes commands.</summary>
internal interface IAppListener
{
    /// <summary>Whether the line was handed to it.</summary>
    Task<bool> SendAsync(string line, CancellationToken ct);
}
