using Messaging.Fuzz;
using Messaging.Fuzz.Engine;
using SharpFuzz;

// messaging-fuzz list | replay [TARGET] | mutate TARGET ITERATIONS SEED | libfuzzer TARGET | afl TARGET
const int Usage = 64;
switch (args)
{
    case ["list"]:
        Console.WriteLine(string.Join('\n', FuzzTargets.All.Keys));
        return 0;
    case ["replay"]:
        Console.WriteLine($"{FuzzTargets.All.Values.Sum(InProcessFuzzer.Replay)} inputs");
        return 0;
    case ["replay", var name] when FuzzTargets.All.TryGetValue(name, out var target):
        Console.WriteLine($"{InProcessFuzzer.Replay(target)} inputs");
        return 0;
    case ["mutate", var name, var iterations, var seed]
        when FuzzTargets.All.TryGetValue(name, out var target) && int.TryParse(iterations, out var count) && ulong.TryParse(seed, out var start):
        InProcessFuzzer.Mutate(target, count, start);
        return 0;
    case ["libfuzzer", var name] when FuzzTargets.All.TryGetValue(name, out var target):
        Fuzzer.LibFuzzer.Run(target.Fuzz);
        return 0;
    case ["afl", var name] when FuzzTargets.All.TryGetValue(name, out var target):
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            target.Fuzz(memory.ToArray());
        });
        return 0;
    default:
        Console.Error.WriteLine("messaging-fuzz list | replay [TARGET] | mutate TARGET ITERATIONS SEED | libfuzzer TARGET | afl TARGET");
        return Usage;
}
