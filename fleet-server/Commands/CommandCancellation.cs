namespace Messaging.FleetServer.Commands;

internal enum CommandCancellation
{
    Cancelled,
    NotFound,

    /// <summary>It was sent or has ended: it cannot be taken back.</summary>
    TooLate,
}
