using System.Net;

namespace Messaging.FleetServer.Hosting.Demo;

/// <summary>Runs everything on loopback for somebody who wants to see it.</summary>
internal static class DemoRunner
{
    public static async Task<int> RunAsync(DemoArguments arguments)
    {
        var temporary = arguments.Data is null;
        var folder = new DemoFolder(Path.GetFullPath(arguments.Data ?? Directory.CreateTempSubdirectory("fleet-demo-").FullName));
        try
        {
            return await RunAsync(arguments, folder, temporary);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"fleet-server demo: {e.Message}");
            return CommandLine.WrongOptions;
        }
        finally
        {
            if (temporary)
            {
                Directory.Delete(folder.Path, recursive: true);
            }
        }
    }

    private static async Task<int> RunAsync(DemoArguments arguments, DemoFolder folder, bool temporary)
    {
        if (AgentBinary.Find(arguments.Agent) is not { } agent)
        {
            await Console.Error.WriteLineAsync(arguments.Agent is null
                ? $"fleet-server demo: there is no agent in {AgentBinary.Folder}, where building or publishing all of it puts one. Name another: --agent FILE"
                : $"fleet-server demo: {arguments.Agent} does not exist.");
            return CommandLine.WrongOptions;
        }

        var before = DemoJson.LoadState(folder.State);
        var options = new FleetServerOptions
        {
            DataFolder = folder.Path,
            ListenAddress = IPAddress.Loopback,
            Tls = false,
            Port = DemoPorts.Choose(arguments.Port, before.Port, FleetServerDefaults.DemoPort, "--port"),
            MqttPort = DemoPorts.Choose(arguments.MqttPort, before.MqttPort, FleetServerDefaults.DemoMqttPort, "--mqtt-port"),
        };
        if (options.Port == options.MqttPort)
        {
            options = options with { MqttPort = PortPicker.Free(IPAddress.Loopback) };
        }

        new Announcer(Console.Out).Say($"Starting the fleet server in {folder.Path} ...");
        DemoService? demo = null;
        var code = await ServerRunner.RunAsync(options, builder =>
        {
            // Only now: until the folder is ours, another demo may be using it.
            folder.Prepare();
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Services.AddSingleton(new DemoSettings(folder, agent, before, temporary));
            builder.Services.AddSingleton<ChildLauncher>();
            builder.Services.AddSingleton<DemoAgent>();
            builder.Services.AddSingleton<DemoService>();
            builder.Services.AddHostedService(provider => demo = provider.GetRequiredService<DemoService>());
            if (!ChildLauncher.EndsChildrenWithParent)
            {
                new Announcer(Console.Out).Say("setpriv (package util-linux) is missing: if this process is killed, end the agent yourself.");
            }
        });
        return demo?.Failed == true ? 1 : code;
    }
}
