namespace Messaging.FleetServer.Access;

/// <summary>Who may use an endpoint: a role and those above it, or everybody.</summary>
internal enum AccessLevel
{
    Anonymous = 0,
    Viewer = OperatorRole.Viewer,
    Operator = OperatorRole.Operator,
    Owner = OperatorRole.Owner,
}
