namespace Messaging.FleetServer.Access;

/// <summary>What somebody may do; a higher role may do everything that a lower one may. Stored by number, shown in lower case.</summary>
internal enum OperatorRole
{
    /// <summary>Reads devices, telemetry and commands.</summary>
    Viewer = 1,

    /// <summary>Sends commands, enrols, renames and revokes devices.</summary>
    Operator = 2,

    /// <summary>Manages operators and API tokens, reads the audit.</summary>
    Owner = 3,
}
