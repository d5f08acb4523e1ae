namespace Messaging.FleetServer.Access;

internal enum CallerKind
{
    Operator,
    ApiToken,
}
