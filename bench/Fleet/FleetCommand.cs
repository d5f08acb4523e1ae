using System.CommandLine;

namespace Messaging.Bench.Fleet;

/// <summary><c>fleet</c>: a load that is bounded in devices and records, and ends by itself.</summary>
internal static class FleetCommand
{
    public static RootCommand Create()
    {
        var devices = Number("--devices", "Simulated devices", 200, 2000);
        var records = Number("--records", "Records that each device sends", 100, 10_000);
        var points = Number("--points", "Points in each record", 60, 1000);
        var fleet = new Command("fleet", "Simulated devices against a real server on loopback: CPU, memory and disk for each connection and record.")
        {
            devices, records, points,
        };
        fleet.SetAction(result => FleetLoad.RunAsync(
            new FleetOptions(result.GetValue(devices), result.GetValue(records), result.GetValue(points))));
        return new RootCommand("Measures the product; all other arguments go to BenchmarkDotNet.") { fleet, Commands() };
    }

    private static Command Commands()
    {
        var devices = Number("--devices", "Simulated devices", 5000, 10_000);
        var singles = Number("--singles", "Commands to one device, one at a time", 300, 5000);
        var rounds = Number("--rounds", "Commands to all devices", 3, 20);
        var commands = new Command("commands", "Commands to simulated devices through a real server on loopback: from the call of the API to the result.")
        {
            devices, singles, rounds,
        };
        commands.SetAction(result => CommandLoad.RunAsync(result.GetValue(devices), result.GetValue(singles), result.GetValue(rounds)));
        return commands;
    }

    private static Option<int> Number(string name, string description, int usual, int most)
    {
        var option = new Option<int>(name) { HelpName = "N", Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1 || result.GetValueOrDefault<int>() > most)
            {
                result.AddError($"{name} must be from 1 to {most}.");
            }
        });
        return option;
    }
}
