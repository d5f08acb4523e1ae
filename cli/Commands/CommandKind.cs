using Messaging.Commands.Catalog;

namespace Messaging.Cli.Commands;

/// <summary>A type of command.</summary>
/// <param name="Info">What everybody knows of it.</param>
/// <param name="Encode">From JSON to the wire form.</param>
internal sealed record CommandKind(CommandType Info, Func<ArgumentReader, byte[]> Encode)
{
    /// <summary>Its name on the wire.</summary>
    public string Type => Info.Name;

    /// <summary>True if running it twice does no harm.</summary>
    public bool Idempotent => Info.IsIdempotent;

    /// <summary>True if a device runs it only in the boot that it is signed for.</summary>
    public bool BoundToBoot => Info.IsBoundToBoot;
}
