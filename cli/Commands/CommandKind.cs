namespace Messaging.Cli.Commands;

/// <summary>A type of command.</summary>
/// <param name="Type">Its name on the wire.</param>
/// <param name="Idempotent">True if running it twice does no harm.</param>
/// <param name="BoundToBoot">True if a device runs it only in the boot that it is signed for.</param>
/// <param name="Encode">From JSON to the wire form.</param>
internal sealed record CommandKind(string Type, bool Idempotent, bool BoundToBoot, Func<ArgumentReader, byte[]> Encode);
