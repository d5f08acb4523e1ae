namespace Messaging.Relay;

/// <summary>Which channels come first.</summary>
public enum ChannelOrder
{
    /// <summary>Those with the most records a second.</summary>
    Rate,

    /// <summary>Those with the most bytes.</summary>
    Size,

    /// <summary>Those that the most follow.</summary>
    Followers,

    /// <summary>Those that were used last.</summary>
    Latest,
}
