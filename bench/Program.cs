using System.Globalization;
using BenchmarkDotNet.Running;
using Messaging.Bench.Brokers;
using Messaging.Bench.Channels;
using Messaging.Bench.Fleet;

// "fleet" and "commands" are loads on a real server; everything else is BenchmarkDotNet's.
if (args is ["fleet" or "commands", ..])
{
    return await FleetCommand.Create().Parse(args).InvokeAsync();
}

// Beside mosquitto, nats-server and rabbitmq, where they are installed.
if (args is ["brokers", ..])
{
    return await BrokersCommand.Create().Parse(args).InvokeAsync();
}

// Ten minutes of good clients beside a flood of bad ones.
if (args is ["soak", .. var soak])
{
    return await SoakBench.RunAsync(
        soak is [var clients, ..] ? int.Parse(clients, CultureInfo.InvariantCulture) : 5000,
        TimeSpan.FromMinutes(soak is [_, var minutes, ..] ? int.Parse(minutes, CultureInfo.InvariantCulture) : 10),
        isTls: soak is [.., "--tls"]);
}

if (args is ["flood", var port, var user])
{
    var password = Environment.GetEnvironmentVariable(BadClients.Password) ?? "";
    return await new BadClients(new BrokerAddress(int.Parse(port, CultureInfo.InvariantCulture), user.Length > 0, user, password)).RunAsync();
}

// Durable appends, beside NATS JetStream, where it is installed.
if (args is ["appends"])
{
    return await AppendBench.RunAsync();
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
