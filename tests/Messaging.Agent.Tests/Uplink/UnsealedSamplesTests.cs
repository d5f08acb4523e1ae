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
        samples.Save(7, "a long batch of the record before"u8);
        samples.Save(8, "short"u8);
        samples.Save(8, "a bit longer"u8);
        samples.Save(8, "last"u8);

        Assert.Equal((8UL, "last"), Load());
    }

    [Fact]
    public void Save_AfterLoad_DoesNotTouchTheNewest()
    {
        var first = Open();
        first.Save(1, "one"u8);
        first.Save(1, "two"u8);
        var second = Open();
        second.Load();

        second.Save(2, "three"u8);
        Damage("0");

        Assert.Equal((1UL, "two"), Load());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(20)]
    public void Load_OfAFileThatWasBeingWritten_GivesTheOneBefore(int whole)
    {
        var samples = Open();
        samples.Save(1, "before"u8);
        samples.Save(2, "torn by the kill"u8);
        File.WriteAllBytes(Prefix + "1", File.ReadAllBytes(Prefix + "1")[..whole]);

        Assert.Equal((1UL, "before"), Load());
    }

    private string Prefix => Path.Combine(_folder, "samples.");

    private UnsealedSamples Open() => new(PhysicalDisk.Instance, Prefix);

    private (ulong Number, string Batch)? Load() =>
        Open().Load() is var (number, batch) ? (number, System.Text.Encoding.ASCII.GetString(batch)) : null;

    private void Damage(string file)
    {
        var bytes = File.ReadAllBytes(Prefix + file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(Prefix + file, bytes);
    }
}
