using Messaging.Commands.Catalog;
using Messaging.FleetServer.Devices;

namespace Messaging.FleetServer.Commands;

/// <summary>What the server knows of a type of command.</summary>
/// <param name="Info">What everybody knows of it.</param>
/// <param name="Parse">The arguments on the wire.</param>
internal sealed record CommandKind(CommandType Info, Func<ArgumentReader, Device, byte[]> Parse)
{
    /// <summary>Its name on the wire.</summary>
    public string Type => Info.Name;

    /// <summary>Running it twice does no harm.</summary>
    public bool Idempotent => Info.IsIdempotent;

    /// <summary>Dangerous: it may run only in the boot that it was sent to, before a deadline that needs no clock.</summary>
    public bool BoundToBoot => Info.IsBoundToBoot;

    /// <summary>How long it may wait when nobody says.</summary>
    public TimeSpan DefaultExpiry => Info.Expiry;

    /// <summary>What it writes comes while it runs.</summary>
    public bool Streams => Info.Streams;

    /// <summary>It has an argument that nobody is shown.</summary>
    public bool HasSecrets => Info.Arguments.Any(static argument => argument.IsSecret);
}
