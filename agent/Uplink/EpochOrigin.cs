using Messaging.Agent.Identity;
using Messaging.Crypto;
using Messaging.Rosters;

namespace Messaging.Agent.Uplink;

/// <summary>
/// What an epoch rests on; another one is opened when it changes. A change of keys that is only on its way changes nothing yet, and
/// expired keys never do.
/// </summary>
/// <param name="Identity">Signed it.</param>
/// <param name="Hpke">The server seals its answer to it.</param>
/// <param name="RosterVersion">Names the recipient, and tells the server what this device knows.</param>
internal readonly record struct EpochOrigin(IdentityKey Identity, HpkeKeyPair Hpke, ulong RosterVersion)
{
    public static EpochOrigin Of(DeviceKeys keys, RosterContent roster) => new(keys.Identity, keys.Hpke[0].Pair, roster.Version);
}
