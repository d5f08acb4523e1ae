using System.Net;

namespace Messaging.Relay.Legacy;

/// <summary>Who makes a request.</summary>
/// <param name="ApiKey">The key that it names; null: none.</param>
/// <param name="Remote">Where it comes from.</param>
internal sealed record LegacyCaller(string? ApiKey, IPEndPoint Remote)
{
    /// <summary>Whose channels it makes and meets.</summary>
    public string Owner => ApiKey ?? LegacyNames.DefaultApiKey;

    /// <summary>Whether the key tells the caller from others.</summary>
    public bool HasOwnKey => ApiKey is not null and not LegacyNames.DefaultApiKey;
}
