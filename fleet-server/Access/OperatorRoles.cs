using System.Diagnostics.CodeAnalysis;

namespace Messaging.FleetServer.Access;

internal static class OperatorRoles
{
    /// <summary>The API's word for the role.</summary>
    public static string Word(this OperatorRole role) => role switch
    {
        OperatorRole.Viewer => "viewer",
        OperatorRole.Operator => "operator",
        OperatorRole.Owner => "owner",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role."),
    };

    public static bool TryParse([NotNullWhen(true)] string? word, out OperatorRole role)
    {
        role = word switch
        {
            "viewer" => OperatorRole.Viewer,
            "operator" => OperatorRole.Operator,
            "owner" => OperatorRole.Owner,
            _ => default,
        };
        return role != default;
    }
}
