using Messaging.Agent.Configuration;

namespace Messaging.Agent.Twin;

/// <summary>What of the desired state's settings stands above the configuration since the start.</summary>
/// <param name="Version">Of the desired state; 0: there is none.</param>
/// <param name="Values">Section:Key -> as it would stand in the file.</param>
/// <param name="Problems">Section:Key -> why it was left out.</param>
/// <param name="Base">What the other sources say of the uplink.</param>
internal sealed record TwinOverlay(
    ulong Version, IReadOnlyDictionary<string, string> Values, IReadOnlyDictionary<string, string> Problems, UplinkOptions Base)
{
    public static readonly TwinOverlay None = new(0, new Dictionary<string, string>(), new Dictionary<string, string>(), new UplinkOptions());
}
