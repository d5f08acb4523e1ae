namespace Messaging.Agent.Transport;

/// <summary>The relay could not be reached or turned the device away.</summary>
internal sealed class RelayRefusedException(RelayRefusal refusal, string message, Exception? inner = null) : Exception(message, inner)
{
    public RelayRefusal Refusal { get; } = refusal;

    /// <summary>The other end had begun to answer when the time was up.</summary>
    public bool WasSlow { get; init; }
}
