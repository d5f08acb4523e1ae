using System.Security.Cryptography;
using Messaging.Agent.Disk;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Updates.Neighbours;

namespace Messaging.Agent.Tests.Updates.Neighbours;

/// <summary>What is kept for neighbours.</summary>
public sealed class SharedArtifactsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SharedArtifactsTests() => Directory.CreateDirectory(_folder.File("shared"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Take_KeepsTheNewest_AsFarAsThereIsRoom()
    {
        var kept = Open(250);
        var (first, second, third) = (Take(kept, 100), Take(kept, 100), Take(kept, 100));

        Assert.False(Has(kept, first));
        Assert.True(Has(kept, second) && Has(kept, third));
        Assert.Equal(2, Directory.GetFiles(_folder.File("shared")).Length);
    }

    [Fact]
    public void Take_OfWhatIsTooLarge_OrWhileTheDiskIsFull_KeepsNothing()
    {
        var (small, full) = (Open(99), new SharedArtifacts(PhysicalDisk.Instance, _folder.File("shared"), 1000, long.MaxValue));

        Assert.False(Has(small, Take(small, 100)));
        Assert.False(Has(full, Take(full, 100)));
        Assert.Empty(Directory.GetFiles(_folder.File("shared")));
        Assert.False(File.Exists(_folder.File("fetched")));
    }

    [Fact]
    public void Take_OfTheSame_KeepsOne()
    {
        var kept = Open(1000);
        Take(kept, 100, 7);
        Take(kept, 100, 7);

        Assert.Single(Directory.GetFiles(_folder.File("shared")));
    }

    [Fact]
    public void Start_VerifiesBeforeItGives_AndDeletesWhatHasRotted()
    {
        var kept = Open(1000);
        var (good, bad) = (Take(kept, 100), Take(kept, 100));
        var path = Directory.GetFiles(_folder.File("shared"), $"*-{Convert.ToHexStringLower(bad)}").Single();
        File.WriteAllBytes(path, new byte[100]);

        var again = Open(1000);
        Assert.False(Has(again, good) || Has(again, bad));
        var (one, other) = (Find(again, good), Find(again, bad));
        Assert.Null(Find(again, good));
        again.Verify(one!);
        again.Verify(other!);

        Assert.True(Has(again, good));
        Assert.False(Has(again, bad));
        Assert.False(File.Exists(path));
        Assert.Null(Find(again, bad));
        Assert.Equal(good, Find(again, good)!.Sha256);
    }

    [Fact]
    public void Start_WithLessRoom_DeletesTheOldest_AndLeavesWhatIsNotItsOwn()
    {
        var kept = Open(1000);
        var (first, second) = (Take(kept, 100), Take(kept, 100));
        File.WriteAllText(_folder.File("shared/notes"), "");

        var less = Open(150);
        Assert.Null(Find(less, first));
        Assert.NotNull(Find(less, second));
        Open(0);
        Assert.Equal(["notes"], Directory.GetFiles(_folder.File("shared")).Select(Path.GetFileName));
    }

    [Fact]
    public void Open_OfALink_IsRefused()
    {
        var kept = Open(1000);
        var sha256 = Take(kept, 100);
        var path = Directory.GetFiles(_folder.File("shared")).Single();
        File.Delete(path);
        File.CreateSymbolicLink(path, "/etc/hostname");

        Assert.Throws<IOException>(() => kept.Open(Convert.ToHexStringLower(sha256), out _));
        Assert.Null(kept.Open("../../../../etc/hostname", out _));
    }

    [Fact]
    public void Clear_LeavesNothing()
    {
        var kept = Open(1000);
        var sha256 = Take(kept, 100);

        kept.Clear();

        Assert.False(Has(kept, sha256));
        Assert.Empty(Directory.GetFiles(_folder.File("shared")));
    }

    private static bool Has(SharedArtifacts kept, byte[] sha256)
    {
        using var file = kept.Open(Convert.ToHexStringLower(sha256), out _);
        return file is not null;
    }

    private static SharedArtifact? Find(SharedArtifacts kept, byte[] sha256) =>
        kept.Find(NeighbourWord.Question(RandomNumberGenerator.GetBytes(NeighbourWord.NonceBytes), NeighbourWord.Everybody, sha256));

    private SharedArtifacts Open(long maxBytes) => new(PhysicalDisk.Instance, _folder.File("shared"), maxBytes, 0);

    private byte[] Take(SharedArtifacts kept, int length, byte? fill = null)
    {
        var content = fill is { } one ? Enumerable.Repeat(one, length).ToArray() : RandomNumberGenerator.GetBytes(length);
        File.WriteAllBytes(_folder.File("fetched"), content);
        kept.Take(_folder.File("fetched"), SHA256.HashData(content));
        return SHA256.HashData(content);
    }
}
