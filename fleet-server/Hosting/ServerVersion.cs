using System.Reflection;

namespace Messaging.FleetServer.Hosting;

internal static class ServerVersion
{
    /// <summary>The version of the build, with the commit where the build knows it.</summary>
    public static string Text { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
