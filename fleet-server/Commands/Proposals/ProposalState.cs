namespace Messaging.FleetServer.Commands;

/// <summary>What became of a command that several must sign. Stored by number.</summary>
internal enum ProposalState
{
    /// <summary>It waits for signatures, until it expires.</summary>
    Open = 0,

    /// <summary>Enough have signed, and it is a command like any other from then on.</summary>
    Sent = 1,

    /// <summary>Taken back.</summary>
    Withdrawn = 2,
}
