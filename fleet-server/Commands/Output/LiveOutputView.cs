namespace Messaging.FleetServer.Commands.Output;

/// <summary>A piece of output that has just been stored.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="CommandId">Its command.</param>
/// <param name="Piece">The piece; of the last one, which may be empty, too.</param>
/// <param name="Written">In the last piece: how many bytes the command wrote in all.</param>
internal sealed record LiveOutputView(string DeviceId, string CommandId, OutputPieceView Piece, long? Written)
{
    public static LiveOutputView Of(OutputRow row) => new(row.Device.ToString(), row.Command.ToString(), OutputPieceView.Of(row), row.Written);
}
