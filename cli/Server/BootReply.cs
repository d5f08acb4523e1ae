using Messaging.Wire;

namespace Messaging.Cli.Server;

/// <summary>A boot of a device as the server answers it.</summary>
/// <param name="Id">32 lower hexadecimal digits.</param>
/// <param name="UptimeMs">Since that boot, as the server estimates it.</param>
internal sealed record BootReply(string? Id, long UptimeMs)
{
    /// <summary>Null when it makes no sense.</summary>
    public (BootId Id, long UptimeMs)? Read() => BootId.TryParse(Id, out var id) && UptimeMs is >= 0 and < long.MaxValue / 2 ? (id, UptimeMs) : null;
}
