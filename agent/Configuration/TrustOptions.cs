namespace Messaging.Agent.Configuration;

internal sealed class TrustOptions
{
    /// <summary>How often the fleet's homes are asked for a newer roster, though the server is heard.</summary>
    public TimeSpan AskInterval { get; set; } = TimeSpan.FromHours(24);

    /// <summary>The same while the server has not been heard for that long.</summary>
    public TimeSpan AskIntervalSilent { get; set; } = TimeSpan.FromHours(1);
}
