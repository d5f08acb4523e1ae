using Messaging.Updates.Deltas;

// messaging-delta make OLD NEW DELTA | apply OLD DELTA NEW
const int Usage = 64;
switch (args)
{
    case ["make", var oldPath, var newPath, var deltaPath]:
        await using (var delta = File.Create(deltaPath))
        {
            await DeltaWriter.WriteAsync(oldPath, newPath, delta);
        }

        return 0;
    case ["apply", var oldPath, var deltaPath, var newPath]:
        using (var old = OldFile.Open(oldPath))
        await using (var delta = File.OpenRead(deltaPath))
        await using (var output = File.Create(newPath))
        {
            await DeltaApplier.ApplyAsync(old, delta, output, new DeltaLimits(long.MaxValue));
        }

        return 0;
    default:
        await Console.Error.WriteLineAsync("messaging-delta make OLD NEW DELTA | apply OLD DELTA NEW");
        return Usage;
}
