namespace Messaging.FleetServer.Access;

internal enum OperatorOutcome
{
    Done,
    NotFound,
    NameTaken,

    /// <summary>It would leave nobody who can manage operators.</summary>
    LastOwner,

    /// <summary>Set-up is over.</summary>
    OwnerExists,
}
