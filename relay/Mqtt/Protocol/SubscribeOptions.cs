namespace Messaging.Relay.Mqtt.Protocol;

/// <summary>How a subscription is to be served (MQTT 5 section 3.8.3.1).</summary>
/// <param name="Quality">The highest that is delivered.</param>
/// <param name="NoLocal">Not what the client publishes itself.</param>
/// <param name="RetainAsPublished">The flag stays as the publisher set it.</param>
/// <param name="RetainHandling">When retained messages are sent: 0 at each subscription, 1 at a new one, 2 never.</param>
internal readonly record struct SubscribeOptions(QualityOfService Quality, bool NoLocal, bool RetainAsPublished, byte RetainHandling)
{
    public static bool TryRead(byte bits, MqttVersion version, out SubscribeOptions options)
    {
        options = new SubscribeOptions((QualityOfService)(bits & 3), (bits & 4) != 0, (bits & 8) != 0, (byte)((bits >> 4) & 3));
        return options.Quality <= QualityOfService.ExactlyOnce
            && options.RetainHandling < 3
            && (version == MqttVersion.V5 ? (bits & 0xC0) == 0 : (bits & 0xFC) == 0);
    }

    /// <summary>As MQTT 5 writes them.</summary>
    public byte ToByte() => (byte)((int)Quality | (NoLocal ? 4 : 0) | (RetainAsPublished ? 8 : 0) | (RetainHandling << 4));
}
