using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Access;

/// <summary>The rules for names, passwords and roles in requests.</summary>
internal static class AccessValidation
{
    public static string Username(this ApiValidation validation, string? value)
    {
        var name = validation.Text(value, "username", AccessLimits.UsernameLength);
        validation.Require(
            name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@'),
            "username",
            "May hold only letters, digits and . _ - @");
        return name;
    }

    public static string NewPassword(this ApiValidation validation, string? value, string? username)
    {
        var password = value ?? "";
        validation.Require(
            password.Length is >= AccessLimits.PasswordMinLength and <= AccessLimits.PasswordMaxLength,
            "password",
            $"Must have {AccessLimits.PasswordMinLength} to {AccessLimits.PasswordMaxLength} characters.");
        validation.Require(
            username is null || username.Length < 4 || !password.Contains(username, StringComparison.OrdinalIgnoreCase),
            "password",
            "Must not contain the user name.");
        validation.Require(password.Length == 0 || password.Distinct().Count() >= 5, "password", "Must have at least 5 different characters.");
        return password;
    }

    public static OperatorRole Role(this ApiValidation validation, string? value)
    {
        validation.Require(OperatorRoles.TryParse(value, out var role), "role", "Must be viewer, operator or owner.");
        return role;
    }
}
