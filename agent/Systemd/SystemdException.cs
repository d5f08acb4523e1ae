namespace Messaging.Agent.Systemd;

/// <summary>systemd answered with an error.</summary>
/// <param name="name">The D-Bus error name, such as <c>org.freedesktop.systemd1.NoSuchUnit</c>.</param>
/// <param name="message">systemd's own words.</param>
internal sealed class SystemdException(string name, string message) : Exception(message)
{
    private static readonly string[] Denials =
    [
        "org.freedesktop.DBus.Error.AccessDenied", "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired", "org.freedesktop.DBus.Error.AuthFailed",
    ];

    public string ErrorName { get; } = name;

    /// <summary>The agent's user may not do it: polkit decides for all but root.</summary>
    public bool IsDenied => Denials.Contains(ErrorName, StringComparer.Ordinal);
}
