using BenchmarkDotNet.Running;
using Messaging.Bench.Fleet;

// "fleet" and "commands" are loads on a real server; everything else is BenchmarkDotNet's.
if (args is ["fleet" or "commands", ..])
{
    return await FleetCommand.Create().Parse(args).InvokeAsync();
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
