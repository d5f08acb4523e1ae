using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;
using Messaging.Cli.Tests.Support;
using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;
using Messaging.Updates.Repository;

namespace Messaging.Cli.Tests.Artifacts;

public sealed class NewReleaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1.2.0", null, 3)]
    [InlineData("1.1.0", null, 2)]
    [InlineData("1.0.5", null, 3)]
    [InlineData("1.2.0", 9L, 9)]
    public void Counter_FollowsFromTheReleasesThatAreThere(string version, long? given, long expected) => Assert.Equal(expected, NewRelease.Counter(Releases(), Version(version), given));

    [Theory]
    [InlineData("1.2.0", 2L)]
    [InlineData("1.2.0", 0L)]
    public void Counter_ThatDevicesWouldNotTake_IsRefused(string version, long given) => Assert.Throws<CliException>(() => NewRelease.Counter(Releases(), Version(version), given));

    [Theory]
    [InlineData("build/out/messaging-agent", "camera/1.2.0/any/messaging-agent")]
    [InlineData("a b\u202e.tar", "camera/1.2.0/any/a_b_.tar")]
    [InlineData("...", "camera/1.2.0/any/artifact")]
    public void Path_IsTheSameOnEveryMirror(string file, string expected) => Assert.Equal(expected, NewRelease.Path("camera", Version("1.2.0"), [], file));

    [Fact]
    public void Path_ForSeveralKindsOfHardware_IsOnePlace() => Assert.Equal("a/1.2.0/x+1/f", NewRelease.Path("a", Version("1.2.0"), ["x", "y"], "f"));

    [Theory]
    [InlineData(183, "linux-arm64")]
    [InlineData(62, "linux-x64")]
    [InlineData(40, "linux-arm")]
    [InlineData(3, null)]
    public void Machine_OfAnExecutable(byte machine, string? expected)
    {
        var path = _folder.File("elf");
        File.WriteAllBytes(path, [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, machine, 0, 1]);

        Assert.Equal(expected, ElfMachine.Of(path));
        Assert.Null(ElfMachine.Of(_folder.Write("script", "#!/bin/sh\n")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(200_000)]
    public async Task Sealing_ThenOpening_IsTheSame(int length)
    {
        var (plain, sealedFile, again) = (_folder.File("plain"), _folder.File("sealed"), _folder.File("again"));
        var bytes = Enumerable.Range(0, length).Select(static i => (byte)(i * 7)).ToArray();
        await File.WriteAllBytesAsync(plain, bytes, TestContext.Current.CancellationToken);
        var content = await HashedContent.ReadAsync(plain, static _ => { }, TestContext.Current.CancellationToken);
        var key = new byte[UpdateArguments.KeyBytes];

        await ContentSealing.SealAsync(content, key, "a/b", sealedFile, TestContext.Current.CancellationToken);

        Assert.Equal(ContentCipher.SealedLength(length), new FileInfo(sealedFile).Length);
        Assert.True(await ContentSealing.TryOpenAsync(sealedFile, key, "a/b", again, TestContext.Current.CancellationToken));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(again, TestContext.Current.CancellationToken));
        Assert.False(await ContentSealing.TryOpenAsync(sealedFile, key, "a/c", _folder.File("elsewhere"), TestContext.Current.CancellationToken));
        key[0] ^= 1;
        Assert.False(await ContentSealing.TryOpenAsync(sealedFile, key, "a/b", _folder.File("not"), TestContext.Current.CancellationToken));
    }

    private static SemanticVersion Version(string text)
    {
        Assert.True(SemanticVersion.TryParse(text, out var version));
        return version;
    }

    private static IReadOnlyList<(TargetFile Target, Release Release)> Releases() => NewRelease.Of(
        TargetsMetadata.Parse(MetadataWriter.Targets(1, ShownRepository.End, [ShownRepository.Release("1.0.0", 1), ShownRepository.Release("1.1.0", 2)]).Encode()), "messaging-agent");
}
