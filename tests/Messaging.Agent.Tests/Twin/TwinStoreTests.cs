using Messaging.Agent.Disk;
using Messaging.Agent.Twin;
using Messaging.Twin;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Twin;

public sealed class TwinStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("twin").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TryKeep_VersionsThatDoNotRise_AreRefused()
    {
        var store = Open();
        var second = Document(2);

        Assert.True(store.TryKeep(second));
        Assert.True(store.TryKeep(second));
        Assert.False(store.TryKeep(Document(2)));
        Assert.False(store.TryKeep(Document(1)));
        Assert.Equal((second.CommandId, 2UL), (Open().Document!.CommandId, Open().Document!.State.Version));
    }

    [Fact]
    public void Keep_WhatWasTold_IsThereAfterARestart()
    {
        var report = new TwinReport(5, 2, new byte[32], 7, [new PropertyReport(PropertyKind.Unit, "a.service", PropertyState.Drifted, 3, 9, "it is failed", null)]);
        Open().Keep(new TwinTold(5, 2, report, [true]));

        var told = Open().Told;

        Assert.Equal((5UL, 2UL, true), (told.ReportNo, told.RestartedFor, Assert.Single(told.WasInForce)));
        Assert.Equal(report.Properties[0], Assert.Single(told.Report!.Properties));
    }

    [Theory]
    [InlineData("twin")]
    [InlineData("twin.told")]
    public void Open_ADamagedFile_SaysSoAndGoesOnWithoutIt(string name)
    {
        var store = Open();
        store.TryKeep(Document(2));
        store.Keep(new TwinTold(5, 0, null, []));
        var bytes = File.ReadAllBytes(Path.Combine(_folder, name));
        bytes[^1] ^= 1;
        File.WriteAllBytes(Path.Combine(_folder, name), bytes);

        Assert.True(Open().WasLost);
        Assert.False(store.WasLost);
    }

    [Fact]
    public void TryDecode_WhatIsCutOff_IsNone()
    {
        var report = new TwinReport(5, 2, new byte[32], null, [new PropertyReport(PropertyKind.Unit, "a.service", PropertyState.Converged, 0, null, "", null)]);
        var bytes = new TwinTold(5, 2, report, [true]).Encode();

        Assert.NotNull(TwinTold.TryDecode(bytes));
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Null(TwinTold.TryDecode(bytes.AsSpan(0, length)));
        }
    }

    private TwinStore Open() => new(PhysicalDisk.Instance, Path.Combine(_folder, "twin"), Path.Combine(_folder, "twin.told"));

    private static TwinDocument Document(ulong version) => new(CommandId.Generate(), new DesiredState(version, [], [], ["a.service"], []));
}
