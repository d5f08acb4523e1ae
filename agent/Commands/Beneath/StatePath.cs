using Messaging.Agent.Configuration;

namespace Messaging.Agent.Commands.Beneath;

/// <summary>The agent's own folder, as the kernel names it.</summary>
internal static class StatePath
{
    public static string Of(AgentOptions options)
    {
        var folder = new DirectoryInfo(options.Device.State);
        return (folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName).TrimEnd('/');
    }
}
