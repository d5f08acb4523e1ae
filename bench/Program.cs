using BenchmarkDotNet.Running;
using Messaging.Bench.Fleet;

// "fleet" is a load on a real server; everything else is BenchmarkDotNet's.
if (args is ["fleet", ..])
{
    return await FleetCommand.Create().Parse(args).InvokeAsync();
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
