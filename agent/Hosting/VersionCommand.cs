using System.CommandLine;
using Messaging.Agent.Identity;

namespace Messaging.Agent.Hosting;

internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Shows the version.");
        command.SetAction(_ =>
        {
            Console.WriteLine($"messaging-agent {DeviceFacts.AgentVersion}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
