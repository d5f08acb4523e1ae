namespace Messaging.FleetServer.Hosting;

/// <summary>One option: the same name on the command line (--name), in the file (name = value) and in the environment (FLEET_NAME).</summary>
/// <param name="Value">What its value looks like, for the help.</param>
/// <param name="Apply">Puts the value in; throws <see cref="FormatException"/> with a sentence when it has the wrong form.</param>
/// <param name="IsSwitch">On or off; on the command line the name alone is on.</param>
/// <param name="IsList">Several values, separated by commas; on the command line the option may also be given several times.</param>
internal sealed record OptionSpec(
    string Name, string Value, string Help, Func<FleetServerOptions, string, FleetServerOptions> Apply, bool IsList = false, bool IsSwitch = false)
{
    public string EnvironmentName => "FLEET_" + Name.ToUpperInvariant().Replace('-', '_');
}
