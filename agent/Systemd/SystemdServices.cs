using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Agent.Systemd;

internal static class SystemdServices
{
    /// <summary>Adds <see cref="ISystemd"/>. Needs <see cref="Configuration.AgentOptions"/> and <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddSystemdManager(this IServiceCollection services) => services.AddSingleton<ISystemd, SystemdManager>();
}
