using Messaging.Trust;

namespace Messaging.Cli.Trust;

/// <summary>Keys of which some must sign.</summary>
/// <param name="Threshold">How many.</param>
/// <param name="Keys">Their fingerprints.</param>
internal sealed record KeyRoleView(int Threshold, IReadOnlyList<string> Keys)
{
    public static KeyRoleView Of(KeyRole role) => new(role.Threshold, [.. role.Keys.Select(key => key.ToString())]);
}
