namespace Messaging.Relay.Transport;

/// <summary>What the first bytes of a buffer are.</summary>
internal enum FramingResult
{
    /// <summary>Not all bytes of the packet are there yet.</summary>
    Incomplete,

    /// <summary>A whole packet is there.</summary>
    Complete,

    /// <summary>The packet announces more bytes than are allowed; nothing of it has to be kept to know that.</summary>
    TooLarge,

    /// <summary>No MQTT packet starts like this.</summary>
    Malformed,
}
