using System.Text.Json;
using Messaging.FleetServer.Devices;

namespace Messaging.FleetServer.Commands;

/// <summary>What the server knows of a type of command.</summary>
/// <param name="Type">Its name on the wire.</param>
/// <param name="Idempotent">Running it twice does no harm.</param>
/// <param name="BoundToBoot">Dangerous: it may run only in the boot that it was sent to, before a deadline that needs no clock.</param>
/// <param name="DefaultExpiry">How long it may wait when nobody says.</param>
/// <param name="Parse">The arguments on the wire.</param>
internal sealed record CommandKind(
    string Type, bool Idempotent, bool BoundToBoot, TimeSpan DefaultExpiry, Func<ArgumentReader, Device, byte[]> Parse);
