using SharpFuzz;

namespace Messaging.Fuzz.Engine;

/// <summary>Bounded fuzzing without instrumentation: what a test suite can afford each time.</summary>
internal static class InProcessFuzzer
{
    /// <summary>Runs the corpus and the seeds as they are.</summary>
    public static int Replay(FuzzTarget target)
    {
        var count = 0;
        foreach (var input in Inputs(target))
        {
            Run(target, input);
            count++;
        }

        return count;
    }

    /// <summary>Runs mutations of the corpus and the seeds.</summary>
    public static void Mutate(FuzzTarget target, int iterations, ulong seed)
    {
        var inputs = Inputs(target).ToArray();
        var mutator = new Mutator(seed);
        for (var i = 0; i < iterations; i++)
        {
            Run(target, mutator.Mutate(inputs[mutator.Next(inputs.Length)]));
        }
    }

    private static IEnumerable<byte[]> Inputs(FuzzTarget target) =>
        target.Seeds().Concat(Corpus.Of(target.Name).Select(static input => input.Data));

    private static void Run(FuzzTarget target, byte[] input)
    {
        try
        {
            target.Fuzz(input);
        }
        catch (Exception exception)
        {
            throw new BrokenPromiseException(
                $"{target.Name} broke on {Convert.ToHexStringLower(input)}: keep it as Corpus/{target.Name}/NAME.hex.", exception);
        }
    }
}
