namespace Messaging.Agent.Systemd;

/// <summary>systemd answered with an error.</summary>
/// <param name="name">The D-Bus error name, such as <c>org.freedesktop.systemd1.NoSuchUnit</c>.</param>
/// <param name="message">systemd's own words.</param>
internal sealed class SystemdException(string name, string message) : Exception(message)
{
    public string ErrorName { get; } = name;
}
