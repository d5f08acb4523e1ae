using System.CommandLine;
using System.CommandLine.Invocation;
using Messaging.FleetServer.Enrolment;
using Messaging.FleetServer.Hosting.Demo;
using Messaging.FleetServer.MqttUsers;
using Messaging.FleetServer.Trust;

namespace Messaging.FleetServer.Hosting;

/// <summary>What can be typed after fleet-server.</summary>
internal static class CommandLine
{
    /// <summary>Exit codes: 0 well, 1 failed while running, 2 wrong options.</summary>
    public const int WrongOptions = 2;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("The control plane of a fleet: devices, telemetry, commands, access; with the relay and the dashboard.");
        var options = OptionSpecs.All.ToDictionary(static spec => spec.Name, Option, StringComparer.Ordinal);
        foreach (var option in options.Values)
        {
            root.Add(option);
        }

        root.SetAction(result => ServerRunner.RunAsync(Values(result, options)));
        root.Add(DemoCommand());
        root.Add(TokenCommand.Create());
        root.Add(KeysCommand.Create());
        root.Add(MqttUserCommand.Create());
        HelpExamples.AddTo(root, Examples);
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"fleet-server: {error.Message}");
            }

            await Console.Error.WriteLineAsync("fleet-server --help lists what there is.");
            return WrongOptions;
        }

        // The host handles signals itself: it has children to end and databases to close.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static Command DemoCommand()
    {
        var demo = new Command("demo", "Starts everything on this machine, with an agent that reports it, and says where to look.");
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = "Keep the data there, and go on with it next time [a temporary folder]" };
        var port = new Option<string?>("--port") { HelpName = "N", Description = $"HTTP port; 0 picks a free one [{FleetServerDefaults.DemoPort}, or a free one]" };
        var mqtt = new Option<string?>("--mqtt-port") { HelpName = "N", Description = $"MQTT port; 0 picks a free one [{FleetServerDefaults.DemoMqttPort}, or a free one]" };
        var agent = new Option<string?>("--agent") { HelpName = "FILE", Description = "The agent to start [the one built with the server]" };
        foreach (var option in new[] { data, port, mqtt, agent })
        {
            demo.Add(option);
        }

        demo.SetAction(result => DemoRunner.RunAsync(new DemoArguments(
            result.GetValue(data), result.GetValue(port), result.GetValue(mqtt), result.GetValue(agent))));
        return demo;
    }

    private static Option<string?> Option(OptionSpec spec)
    {
        var option = new Option<string?>("--" + spec.Name) { HelpName = spec.Value, Description = spec.Help };
        if (spec.IsSwitch)
        {
            option.Arity = ArgumentArity.ZeroOrOne;
            option.CustomParser = static result => result.Tokens.Count == 0 ? "on" : result.Tokens[0].Value;
        }
        else if (spec.IsList)
        {
            option.Arity = ArgumentArity.OneOrMore;
            option.CustomParser = static result => string.Join(',', result.Tokens.Select(static token => token.Value));
        }

        return option;
    }

    private static Dictionary<string, string> Values(ParseResult result, Dictionary<string, Option<string?>> options) => options
        .Select(entry => (entry.Key, Value: result.GetValue(entry.Value)))
        .Where(static entry => entry.Value is not null)
        .ToDictionary(static entry => entry.Key, static entry => entry.Value!, StringComparer.Ordinal);

    private static string Examples =>
        $"""
        Every option may also stand in DATA/{OptionsReader.FileName} (name = value) or in the environment (FLEET_MQTT_PORT=8883);
        the command line wins over the environment, the environment over the file.

        Examples:
          fleet-server demo                              everything on this machine, to look at
          fleet-server --data /srv/fleet                 the real server: HTTPS 8443, MQTT over TLS 8883
          fleet-server --data /srv/fleet --tls-cert fullchain.pem --tls-key privkey.pem --public-url https://fleet.example
          fleet-server token create --data /srv/fleet    a token that enrols a device
          fleet-server mqtt-user add grafana --data /srv/fleet --subscribe 'sensors/#'
          fleet-server keys renew --data /srv/fleet      another identity, after the server's keys were stolen
          fleet-server --roles relay --data /srv/relay --control-key HEX
          fleet-server --roles relay --data /srv/mqtt --mqtt-port 1883 --allow-anonymous
          fleet-server --roles control,dashboard --data /srv/fleet --relay mqtts://relay.example:8883 --relay-pin HEX --public-mqtt-url mqtts://relay.example:8883
        """;
}
