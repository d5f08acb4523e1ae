namespace Messaging.Agent.Tests.Disk;

/// <summary>
/// Cuts the power at every operation of a run: with nothing, everything, each first part of what was not durable left, the last one whole
/// or torn; with names and no contents and the other way round; and with what a seed says.
/// </summary>
internal static class PowerCuts
{
    /// <summary>All of them take minutes; else a part that differs from test to test, the same each time.</summary>
    public static bool Exhaustive { get; } = Environment.GetEnvironmentVariable("CRASH_TEST") == "all";

    /// <param name="disk">After the run.</param>
    /// <param name="seed">Of the choices.</param>
    /// <param name="from">The first operation that may be cut.</param>
    /// <param name="to">The last one.</param>
    /// <param name="check">Gets what a new boot finds, how many operations were completed, and what to say when it is wrong.</param>
    /// <returns>How many cuts were tried.</returns>
    public static int Each(CrashDisk disk, int seed, int from, int to, Action<CrashDisk, int, string> check)
    {
        var model = new CrashModel(disk);
        var count = 0;
        while (model.Position < from)
        {
            model.Step();
        }

        while (true)
        {
            foreach (var (name, fate) in Variants(model, seed))
            {
                var place = $"{name}, seed {seed}, after operation {model.Position} of {disk.Operations} (next: {model.InFlight?.ToString() ?? "none"})";
                try
                {
                    check(model.Cut(fate, withInFlight: true), model.Position, place);
                }
                catch (Exception e) when (e is not CrashFoundException)
                {
                    throw new CrashFoundException(place, e);
                }

                count++;
            }

            if (model.Position >= Math.Min(to, disk.Operations))
            {
                return count;
            }

            model.Step();
        }
    }

    private static IEnumerable<(string Name, Func<CrashOperation, int, CrashFate> Fate)> Variants(CrashModel model, int seed)
    {
        yield return ("nothing left", (_, _) => CrashFate.Lost);
        var pending = model.Pending.Count + (model.InFlight is null ? 0 : 1);
        if (pending == 0)
        {
            yield break;
        }

        yield return ("everything left", (_, _) => CrashFate.Whole);
        var random = new Lcg((seed * 1_000_003) + model.Position);
        foreach (var variant in Parts(pending, random).Where(_ => Exhaustive || random.Next(4) == 0))
        {
            yield return variant;
        }
    }

    private static IEnumerable<(string Name, Func<CrashOperation, int, CrashFate> Fate)> Parts(int pending, Lcg random)
    {
        for (var i = 1; i <= pending; i++)
        {
            var first = i;
            yield return ($"first {first} of {pending}", (_, at) => at < first ? CrashFate.Whole : CrashFate.Lost);
            yield return ($"first {first} of {pending}, the last torn",
                (_, at) => at < first - 1 ? CrashFate.Whole : at == first - 1 ? new CrashFate(CrashFateKind.Torn, null) : CrashFate.Lost);
        }

        yield return ("names without contents", (operation, _) => operation.IsOfNames ? CrashFate.Whole : CrashFate.Lost);
        yield return ("names and lengths", (operation, _) => operation.IsOfContent ? new CrashFate(CrashFateKind.Zeros, null) : CrashFate.Whole);
        yield return ("contents without names", (operation, _) => operation.IsOfNames ? CrashFate.Lost : CrashFate.Whole);
        for (var i = 0; i < 12; i++)
        {
            var choices = new Lcg(random.Next(int.MaxValue));
            yield return ($"choice {i}", (operation, _) => Choose(operation, choices));
        }
    }

    private static CrashFate Choose(CrashOperation operation, Lcg random)
    {
        if (operation.IsOfNames || operation.Kind == CrashOperationKind.Resize)
        {
            return random.Next(2) == 0 ? CrashFate.Whole : CrashFate.Lost;
        }

        return random.Next(8) switch
        {
            0 or 1 => CrashFate.Lost,
            2 => new CrashFate(CrashFateKind.Torn, random),
            3 => new CrashFate(CrashFateKind.Sectors, random),
            4 => new CrashFate(CrashFateKind.Zeros, random),
            5 => new CrashFate(CrashFateKind.OldBytes, random),
            _ => CrashFate.Whole,
        };
    }
}
