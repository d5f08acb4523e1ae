using System.CommandLine;
using Messaging.FleetServer.Hosting;

namespace Messaging.FleetServer.MqttUsers;

/// <summary><c>fleet-server mqtt-user</c>: who may use MQTT beside the fleet, and which topics.</summary>
internal static class MqttUserCommand
{
    public static Command Create() => new("mqtt-user", "Users of MQTT beside the fleet: programs with a name and a password.") { Add(), Set(), Remove(), List() };

    private static MqttUserManager Manager => new(Console.In, Console.Out, Console.Error);

    private static Command Add()
    {
        var (data, name, password) = (Data(), Name(), PasswordStdin());
        var (publish, subscribe, topics) = FilterOptions();
        var command = new Command("add", "Makes a user, with a password that is generated and printed once, or read from standard input.") { name, data, publish, subscribe, topics, password };
        command.SetAction((result, cancellationToken) => Manager.AddAsync(
            new MqttUserArguments(result.GetValue(data), result.GetRequiredValue(name))
            {
                Publish = result.GetValue(publish) ?? [],
                Subscribe = result.GetValue(subscribe) ?? [],
                Topics = result.GetValue(topics) ?? [],
                PasswordStdin = result.GetValue(password),
            },
            cancellationToken));
        HelpExamples.AddTo(
            command,
            """
            It works beside a running server, which notices by itself. Run it as the server's user. In filters, %u stands for the user's name and %c
            for the client id; a client whose id holds '/', '+' or '#' gets nothing by a filter with %c.

            Examples:
              fleet-server mqtt-user add grafana --data /srv/fleet --subscribe 'sensors/#'
              fleet-server mqtt-user add meters --data /srv/fleet --publish 'meters/%c/#' --subscribe 'meters/%c/set'
              fleet-server mqtt-user add home --data /srv/fleet --topic 'home/#' --password-stdin < password.txt
            """);
        return command;
    }

    private static Command Set()
    {
        var (data, name, password) = (Data(), Name(), PasswordStdin());
        var (publish, subscribe, topics) = FilterOptions();
        var newPassword = new Option<bool>("--new-password") { Description = "Generate another password and print it once; connections with the old one end" };
        var noPublish = new Option<bool>("--no-publish") { Description = "It may publish nothing any more" };
        var noSubscribe = new Option<bool>("--no-subscribe") { Description = "It may subscribe nothing any more" };
        var command = new Command("set", "Changes a user: what is named takes the place of what was there.") { name, data, publish, subscribe, topics, noPublish, noSubscribe, newPassword, password };
        command.SetAction((result, cancellationToken) => Manager.SetAsync(
            new MqttUserArguments(result.GetValue(data), result.GetRequiredValue(name))
            {
                Publish = result.GetValue(publish) ?? [],
                Subscribe = result.GetValue(subscribe) ?? [],
                Topics = result.GetValue(topics) ?? [],
                NoPublish = result.GetValue(noPublish),
                NoSubscribe = result.GetValue(noSubscribe),
                NewPassword = result.GetValue(newPassword),
                PasswordStdin = result.GetValue(password),
            },
            cancellationToken));
        HelpExamples.AddTo(
            command,
            """
            Permissions change for connected clients at once: what they may not have any more is not delivered any more. A new password ends them.

            Examples:
              fleet-server mqtt-user set grafana --data /srv/fleet --subscribe 'sensors/#' --subscribe 'alarms/#'
              fleet-server mqtt-user set grafana --data /srv/fleet --no-publish
              fleet-server mqtt-user set grafana --data /srv/fleet --new-password
            """);
        return command;
    }

    private static Command Remove()
    {
        var (data, name) = (Data(), Name());
        var command = new Command("remove", "Removes a user: its connections end at once, and what waits for them is dropped.") { name, data };
        command.SetAction((result, cancellationToken) => Manager.RemoveAsync(result.GetValue(data), result.GetRequiredValue(name), cancellationToken));
        HelpExamples.AddTo(command, "\nExamples:\n  fleet-server mqtt-user remove grafana --data /srv/fleet");
        return command;
    }

    private static Command List()
    {
        var data = Data();
        var json = new Option<bool>("--json") { Description = "For programs" };
        var command = new Command("list", "Shows all users and what they may; of passwords it shows nothing.") { data, json };
        command.SetAction((result, _) => Manager.ListAsync(result.GetValue(data), result.GetValue(json)));
        HelpExamples.AddTo(command, "\nExamples:\n  fleet-server mqtt-user list --data /srv/fleet\n  fleet-server mqtt-user list --data /srv/fleet --json | jq -r '.users[].name'");
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "The user's name" };

    private static Option<string?> Data() => new("--data") { HelpName = "DIR", Description = $"The server's data folder [{FleetServerDefaults.DataFolder}]" };

    private static Option<bool> PasswordStdin() => new("--password-stdin") { Description = "The password is the first line of standard input" };

    private static (Option<string[]> Publish, Option<string[]> Subscribe, Option<string[]> Topics) FilterOptions() => (
        new("--publish") { HelpName = "FILTER", Description = "Topics that it may publish to; may be repeated" },
        new("--subscribe") { HelpName = "FILTER", Description = "Filters that it may subscribe, with all that they cover; may be repeated" },
        new("--topic") { HelpName = "FILTER", Description = "Both; may be repeated" });
}
