using System.CommandLine;
using Messaging.Agent.Identity;

namespace Messaging.Agent.Hosting;

internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Verb("version", "Shows the version.", ("messaging-agent version", "one line"));
        command.SetAction(_ =>
        {
            Console.WriteLine($"messaging-agent {DeviceFacts.AgentVersion}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
