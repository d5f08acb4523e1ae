using Messaging.Relay.Mqtt.Protocol;

namespace Messaging.Relay.Mqtt.Sessions;

/// <summary>A message on its way to its subscribers, as it lies in what was received or is kept.</summary>
internal ref struct Publication
{
    public ReadOnlySpan<byte> Topic;

    /// <summary>Those that subscribers get, without the expiry.</summary>
    public ReadOnlySpan<byte> Properties;

    public ReadOnlySpan<byte> Payload;

    public QualityOfService Quality;

    public bool IsRetained;

    /// <summary>On the broker's clock, in milliseconds; the largest number: never.</summary>
    public long ExpiresAtMs;

    private StoredMessage? _stored;

    public Publication(StoredMessage message)
    {
        _stored = message;
        Topic = message.Topic;
        Properties = message.Properties;
        Payload = message.Payload;
        Quality = message.Quality;
        IsRetained = message.IsRetained;
        ExpiresAtMs = message.ExpiresAtMs;
    }

    /// <summary>The same, to be kept: made when the first one needs it.</summary>
    public StoredMessage Store() => _stored ??= new StoredMessage(this);

    /// <summary>Seconds until it expires, as subscribers are told; null: it does not.</summary>
    public readonly uint? SecondsLeft(long nowMs) => ExpiresAtMs == long.MaxValue ? null : (uint)Math.Clamp((ExpiresAtMs - nowMs + 999) / 1000, 0, uint.MaxValue);
}
