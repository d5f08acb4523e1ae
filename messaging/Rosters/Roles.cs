namespace Messaging.Rosters;

/// <summary>The roles that a roster gives to principals, and that devices enforce.</summary>
public static class Roles
{
    /// <summary>The fleet server: may ping, collect and set intervals, and receives what devices send.</summary>
    public const string Server = "server";

    /// <summary>May also restart units, reboot and run allowed scripts.</summary>
    public const string Operator = "operator";

    /// <summary>May also change keys.</summary>
    public const string Owner = "owner";

    /// <summary>Signs time beacons, and nothing else. May not command.</summary>
    public const string Time = "time";
}
