namespace Messaging.Relay;

/// <summary>Which connections of MQTT users come first.</summary>
public enum MqttConnectionOrder
{
    /// <summary>Those for which the most bytes wait.</summary>
    Waiting,

    /// <summary>Those with the most messages a second, both ways.</summary>
    Rate,

    /// <summary>Those whose sessions lost the most messages.</summary>
    Dropped,

    /// <summary>The newest.</summary>
    Newest,
}
