using Messaging.Agent.Identity;
using Messaging.Crypto;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Agent.Uplink;

/// <summary>
/// What an epoch rests on; another one is opened when it changes. A change of keys that is only on its way changes nothing yet, and
/// expired keys never do.
/// </summary>
/// <param name="Identity">Signed it.</param>
/// <param name="Hpke">The server seals its answer to it.</param>
/// <param name="Server">Its recipient.</param>
/// <param name="NoticeNumber">Names the recipient's key, and tells the server what this device knows.</param>
internal readonly record struct EpochOrigin(IdentityKey Identity, HpkeKeyPair Hpke, PrincipalId Server, ulong NoticeNumber)
{
    public static EpochOrigin Of(DeviceKeys keys, FleetTrust trust) => new(keys.Identity, keys.Hpke[0].Pair, trust.Server.Id, trust.Notice.Number);
}
