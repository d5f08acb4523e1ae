namespace Messaging.Agent.Configuration;

internal sealed class ClockOptions
{
    public const string Synchronised = "synchronised";
    public const string Always = "always";
    public const string Never = "never";

    public static readonly string[] Beliefs = [Synchronised, Always, Never];

    /// <summary>When this machine's wall clock is believed.</summary>
    public string Believe { get; set; } = Synchronised;

    /// <summary>How often the fleet is asked for the time.</summary>
    public TimeSpan BeaconInterval { get; set; } = TimeSpan.FromHours(4);
}
