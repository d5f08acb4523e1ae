using Messaging.Agent.Disk;
using Messaging.Agent.Uplink;

namespace Messaging.Agent.Tests.Uplink;

public sealed class UnsealedSamplesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("messaging-samples-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_OfAnEmptyFolder_IsNothing() => Assert.Null(Open().Load());

    [Fact]
    public void Load_AfterTheProcessEnded_GivesTheNewestBatch()
    {
        var samples = Open();
        samples.Save(7, ["a long batch of the record before"u8.ToArray()]);
        samples.Save(8, ["short"u8.ToArray()]);
        samples.Save(8, ["a bit longer"u8.ToArray()]);
        samples.Save(8, ["last"u8.ToArray()]);

        Assert.Equal((8UL, "last"), Load());
    }

    [Fact]
    public void Save_AfterLoad_DoesNotTouchTheNewest()
    {
        var first = Open();
        first.Save(1, ["one"u8.ToArray()]);
        first.Save(1, ["two"u8.ToArray()]);
        var second = Open();
        second.Load();

        second.Save(2, ["three"u8.ToArray()]);
        Damage("0");

        Assert.Equal((1UL, "two"), Load());
    }

    [Fact]
    public void Load_OfSeveralBatches_GivesThemInOrder()
    {
        Open().Save(3, ["one"u8.ToArray(), "two"u8.ToArray(), []]);

        var (number, batches) = Open().Load()!.Value;

        Assert.Equal(3UL, number);
        Assert.Equal(["one", "two", ""], batches.Select(System.Text.Encoding.ASCII.GetString));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(20)]
    public void Load_OfAFileThatWasBeingWritten_GivesTheOneBefore(int whole)
    {
        var samples = Open();
        samples.Save(1, ["before"u8.ToArray()]);
        samples.Save(2, ["torn by the kill"u8.ToArray()]);
        File.WriteAllBytes(Prefix + "1", File.ReadAllBytes(Prefix + "1")[..whole]);

        Assert.Equal((1UL, "before"), Load());
    }

    private string Prefix => Path.Combine(_folder, "samples.");

    private UnsealedSamples Open() => new(PhysicalDisk.Instance, Prefix);

    private (ulong Number, string Batch)? Load() =>
        Open().Load() is var (number, batches) ? (number, System.Text.Encoding.ASCII.GetString(Assert.Single(batches))) : null;

    private void Damage(string file)
    {
        var bytes = File.ReadAllBytes(Prefix + file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(Prefix + file, bytes);
    }
}
