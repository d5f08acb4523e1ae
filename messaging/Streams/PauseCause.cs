namespace Messaging.Streams;

/// <summary>Who asked for a <see cref="Pause"/>.</summary>
public enum PauseCause
{
    /// <summary>The server: more comes in than it can store.</summary>
    ServerBusy = 0,

    /// <summary>An operator.</summary>
    Operator = 1,
}
