using Messaging.Agent.Configuration;
using Messaging.Agent.Helper;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Agent.Systemd;

internal static class SystemdServices
{
    /// <summary>Adds <see cref="ISystemd"/>, helped where there is a helper. Needs <see cref="AgentOptions"/> and <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddSystemdManager(this IServiceCollection services) => services
        .AddSingleton<SystemdManager>()
        .AddSingleton(p => new HelperClient(p.GetRequiredService<AgentOptions>().Systemd.Helper, p.GetRequiredService<TimeProvider>()))
        .AddSingleton<ISystemd>(p => new HelpedSystemd(p.GetRequiredService<SystemdManager>(), p.GetRequiredService<HelperClient>()));
}
