namespace Messaging.Agent.Updates.Root;

/// <summary>Installs, as root.</summary>
internal interface IUpdateHelper
{
    /// <summary>Somebody listens for requests.</summary>
    bool IsThere { get; }

    /// <param name="request">What for.</param>
    /// <param name="ct">Ends the waiting, not what was begun.</param>
    /// <exception cref="UpdateHelperException">It does not answer.</exception>
    Task<UpdateAnswer> AskAsync(UpdateRequest request, CancellationToken ct);
}
