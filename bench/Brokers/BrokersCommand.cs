using System.CommandLine;

namespace Messaging.Bench.Brokers;

/// <summary>What is measured of brokers.</summary>
internal static class BrokersCommand
{
    private static readonly Argument<int> Connections = new("connections") { Description = "Idle connections; 0: they are left out", DefaultValueFactory = static _ => 5000 };
    private static readonly Option<string[]> Names = new("--only") { Description = "Brokers: ours, mosquitto, nats, rabbitmq. All, unless it says otherwise", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<int[]> Shapes = new("--shapes") { Description = "Numbers of loads, from 1. All, unless it says otherwise", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<int> Runs = new("--runs") { Description = "How often each load is measured", DefaultValueFactory = static _ => 5 };
    private static readonly Option<bool> IsTls = new("--tls") { Description = "Over TLS; with ours, on the listener of the devices, as a user" };

    public static RootCommand Create()
    {
        var brokers = new Command("brokers", "MQTT brokers side by side: processor time per delivered message, and idle connections") { Connections, Names, Shapes, Runs, IsTls };
        brokers.SetAction(static result => BrokerBench.RunAsync(
            result.GetValue(Connections), result.GetValue(Names) ?? [], result.GetValue(Shapes) ?? [], result.GetValue(Runs), result.GetValue(IsTls)));
        return new RootCommand("Loads") { brokers };
    }
}
