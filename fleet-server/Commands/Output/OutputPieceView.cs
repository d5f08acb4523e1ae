namespace Messaging.FleetServer.Commands.Output;

/// <param name="Offset">Where it stands in all that was sent, in bytes.</param>
/// <param name="Source">output or error.</param>
/// <param name="Data">The bytes, in base64.</param>
internal sealed record OutputPieceView(int Offset, string Source, byte[] Data)
{
    public static OutputPieceView Of(OutputRow row) => new(row.Start, Word(row.Source), row.Bytes);

    public static string Word(Messaging.Commands.OutputSource source) => source == Messaging.Commands.OutputSource.Error ? "error" : "output";
}
