namespace Messaging.Cli.Server;

/// <summary>What a command wrote, from a place on, as the server answers it.</summary>
/// <param name="Items">In order.</param>
/// <param name="Next">Where to ask next.</param>
/// <param name="Ended">Nothing more will come.</param>
/// <param name="Written">How many bytes the command wrote in all; null while that is not known.</param>
internal sealed record OutputReply(IReadOnlyList<OutputPieceReply>? Items, int Next, bool Ended, long? Written);
