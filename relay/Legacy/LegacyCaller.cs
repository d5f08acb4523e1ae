using System.Net;
using Messaging.Relay.Limits;

namespace Messaging.Relay.Legacy;

/// <summary>Who makes a request.</summary>
/// <param name="ApiKey">The key that it names; null: none.</param>
/// <param name="Remote">Where it comes from.</param>
internal sealed record LegacyCaller(string? ApiKey, IPEndPoint Remote)
{
    /// <summary>Whose channels it makes and meets.</summary>
    public string Owner => ApiKey ?? LegacyNames.DefaultApiKey;

    /// <summary>Whose limits it counts against. TCP has shown that it is there.</summary>
    public AddressKey? Address => AddressOf(Remote);

    /// <summary>This machine is one address, whether it is called by IPv4 or IPv6.</summary>
    public static AddressKey? AddressOf(IPEndPoint remote) =>
        AddressKey.Of(remote.Address.Equals(IPAddress.IPv6Loopback) ? new IPEndPoint(IPAddress.Loopback, remote.Port) : remote);

    /// <summary>Whether the key tells the caller from others.</summary>
    public bool HasOwnKey => ApiKey is not null and not LegacyNames.DefaultApiKey;
}
