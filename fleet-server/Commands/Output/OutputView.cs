namespace Messaging.FleetServer.Commands.Output;

/// <summary>What a command wrote, from a place on.</summary>
/// <param name="Items">In order; where bytes are missing, the device could not keep them.</param>
/// <param name="Next">Ask from here for what comes next.</param>
/// <param name="Ended">Nothing more will come.</param>
/// <param name="Written">How many bytes the command wrote in all; null while that is not known.</param>
internal sealed record OutputView(IReadOnlyList<OutputPieceView> Items, int Next, bool Ended, long? Written);
