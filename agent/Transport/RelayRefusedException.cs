namespace Messaging.Agent.Transport;

/// <summary>The relay could not be reached or turned the device away.</summary>
internal sealed class RelayRefusedException(RelayRefusal refusal, string message, Exception? inner = null) : Exception(message, inner)
{
    public RelayRefusal Refusal { get; } = refusal;

    /// <summary>The other end had begun to answer when the time was up.</summary>
    public bool WasSlow { get; init; }

    /// <summary>When the relay wants to see the device again; null: it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The relay that it names instead of itself, as MQTT 5 has it: a host, or a host and a port.</summary>
    public string? OtherServer { get; init; }
}
