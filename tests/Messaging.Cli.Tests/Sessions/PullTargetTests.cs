using System.Security.Cryptography;
using Messaging.Cli.Hosting;
using Messaging.Cli.Sessions;
using Messaging.Sessions;

namespace Messaging.Cli.Tests.Sessions;

public sealed class PullTargetTests : IDisposable
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(5000);
    private readonly string _folder = Directory.CreateTempSubdirectory("messaging-pull-").FullName;

    private string Target => Path.Combine(_folder, "app.bin");

    private string[] Names => [.. Directory.EnumerateFiles(_folder, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }).Select(static path => Path.GetFileName(path))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Finish_OfTheWholeFile_GivesItItsName()
    {
        using (var target = await Open())
        {
            Assert.Null(target.Prefix);
            target.Begin(new FileStart(Content.Length, 0, 0x1ff));
            target.Write(Content);
            Assert.False(File.Exists(Target));
            target.Finish(SHA256.HashData(Content));
        }

        Assert.Equal(Content, File.ReadAllBytes(Target));
        Assert.Equal(["app.bin"], Names);
        Assert.Equal((UnixFileMode)0x1ed, File.GetUnixFileMode(Target));
    }

    [Fact]
    public async Task Open_AfterAnEndInTheMiddle_HasWhatCame()
    {
        using (var target = await Open())
        {
            target.Begin(new FileStart(Content.Length, 0, 0x1a4));
            target.Write(Content.AsSpan(0, 3000));
        }

        Assert.Equal([".app.bin.part"], Names);
        using var again = await Open();
        Assert.Equal(3000, again.Length);
        Assert.Equal(SHA256.HashData(Content.AsSpan(0, 3000)), again.Prefix?.ToArray());
        again.Begin(new FileStart(Content.Length, 3000, 0x1a4));
        again.Write(Content.AsSpan(3000));
        again.Finish(SHA256.HashData(Content));

        Assert.Equal(Content, File.ReadAllBytes(Target));
        Assert.Equal(["app.bin"], Names);
    }

    [Fact]
    public async Task Begin_OfAnotherFile_BeginsAnew()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, ".app.bin.part"), new byte[9000], TestContext.Current.CancellationToken);
        using var target = await Open();
        target.Begin(new FileStart(Content.Length, 0, 0x1a4));
        target.Write(Content);
        target.Finish(SHA256.HashData(Content));

        Assert.Equal(Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task Finish_OfAnotherContent_KeepsNothing()
    {
        using (var target = await Open())
        {
            target.Begin(new FileStart(Content.Length, 0, 0x1a4));
            target.Write(Content);
            Assert.Throws<CliException>(() => target.Finish(new byte[32]));
        }

        Assert.Empty(Names);
    }

    [Fact]
    public async Task Write_MoreThanThereIs_AndBegin_InTheMiddle_AreRefused()
    {
        using var target = await Open();
        Assert.Throws<CliException>(() => target.Begin(new FileStart(Content.Length, 10, 0x1a4)));
        target.Begin(new FileStart(10, 0, 0x1a4));
        Assert.Throws<CliException>(() => target.Write(new byte[11]));
    }

    [Fact]
    public async Task Open_OfWhatIsThere_NeedsForce()
    {
        await File.WriteAllTextAsync(Target, "old", TestContext.Current.CancellationToken);
        Assert.Contains("--force", (await Assert.ThrowsAsync<CliException>(() => Open())).Message, StringComparison.Ordinal);

        using var target = await Open(overwrites: true);
        target.Begin(new FileStart(Content.Length, 0, 0x1a4));
        target.Write(Content);
        target.Finish(SHA256.HashData(Content));
        Assert.Equal(Content, File.ReadAllBytes(Target));
    }

    [Theory]
    [InlineData("4fa2:/srv/a", "4fa2", "/srv/a")]
    [InlineData("4fa2:/srv/a:b", "4fa2", "/srv/a:b")]
    public void Split_OfADeviceAndAPath_GivesBoth(string text, string device, string path) => Assert.Equal((device, path), FilePlace.Split(text));

    [Theory]
    [InlineData("4fa2")]
    [InlineData("4fa2:srv/a")]
    [InlineData(":/srv/a")]
    [InlineData("/srv/a")]
    public void Split_OfAnythingElse_SaysHow(string text) => Assert.Equal(ExitCodes.Usage, Assert.Throws<CliException>(() => FilePlace.Split(text)).Code);

    [Fact]
    public void Line_SaysBytesRateAndTimeLeft()
    {
        Assert.Equal("50 %  2 MiB of 4 MiB  512 KiB/s  0:04 left", TransferProgress.Line(1 << 20, 2 << 20, 4 << 20, TimeSpan.FromSeconds(2)));
        Assert.Equal("100 %  0 B of 0 B", TransferProgress.Line(0, 0, 0, TimeSpan.FromSeconds(1)));
    }

    private Task<PullTarget> Open(bool overwrites = false) => PullTarget.OpenAsync(Target, overwrites, static _ => { }, TestContext.Current.CancellationToken);
}
