namespace Messaging.FleetServer.Commands;

/// <summary>An argument of a command is wrong. Carries what <see cref="CommandProblem"/> shows.</summary>
internal sealed class ArgumentProblemException(string field, string detail, string code = "invalid_argument") : Exception(detail)
{
    public string Field { get; } = field;

    public string Code { get; } = code;
}
