using Messaging.FleetServer.Files;

namespace Messaging.FleetServer.Tests.Files;

public sealed class ChunkSetTests
{
    [Fact]
    public void Set_AddedAndStored_KnowsWhatIsMissing()
    {
        var set = new ChunkSet(20, []);
        foreach (var index in (int[])[0, 1, 7, 8, 8, 19])
        {
            set.Add(index);
        }

        var again = new ChunkSet(20, set.ToArray());

        Assert.Equal(5, again.Count);
        Assert.Equal([(2, 6), (9, 18)], again.Missing(64));
        Assert.Equal([(2, 6)], again.Missing(1));
        Assert.False(again.Has(20));
        Assert.False(again.IsFull);
    }

    [Fact]
    public void Set_WithAll_IsFull()
    {
        var set = new ChunkSet(3, []);
        for (var index = 0; index < 3; index++)
        {
            set.Add(index);
        }

        Assert.True(set.IsFull);
        Assert.Empty(set.Missing(64));
    }
}
