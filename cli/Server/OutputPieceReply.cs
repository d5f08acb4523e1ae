namespace Messaging.Cli.Server;

/// <param name="Offset">Where it stands, in bytes.</param>
/// <param name="Source">output or error.</param>
/// <param name="Data">The bytes.</param>
internal sealed record OutputPieceReply(int Offset, string? Source, byte[]? Data)
{
    public bool IsError => Source == "error";
}
