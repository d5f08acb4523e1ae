using System.Text;
using Messaging.Cli.Commands;
using Messaging.Cli.Hosting;
using Messaging.Cli.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Cli.Tests.Commands;

public sealed class CommandSequenceTests : IDisposable
{
    private const ulong NowMicroseconds = 1_795_867_200_000_000;
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    private string KeyPath => _folder.File("owner.pem");

    private string SequencePath => _folder.File("owner.pem.seq");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Next_WithoutAFile_FollowsTheClock()
    {
        Assert.Equal(NowMicroseconds, await NextAsync(Now));
        Assert.Equal(TemporaryFolder.OwnerFile, File.GetUnixFileMode(SequencePath));
    }

    [Fact]
    public async Task Next_OverRestarts_Rises()
    {
        var first = await NextAsync(Now);
        Assert.Equal(first + 1, await NextAsync(Now));
        Assert.Equal(first + 1_000_000, await NextAsync(Now.AddSeconds(1)));
    }

    [Fact]
    public async Task Next_AClockThatGoesBack_StillRises()
    {
        var first = await NextAsync(Now);

        Assert.Equal(first + 1, await NextAsync(Now.AddYears(-20)));
        Assert.Equal(first + 2, await NextAsync(DateTimeOffset.UnixEpoch.AddYears(-1)));
    }

    [Fact]
    public async Task Next_AFileCutOrChanged_IsRefusedAndLeftAsItIs()
    {
        await NextAsync(Now);
        var whole = await File.ReadAllTextAsync(SequencePath, TestContext.Current.CancellationToken);

        for (var at = 0; at < whole.Length; at++)
        {
            await AssertDamagedAsync(whole[..at]);
            await AssertDamagedAsync($"{whole[..at]}{(whole[at] == '0' ? '1' : '0')}{whole[(at + 1)..]}");
        }

        await AssertDamagedAsync(whole + "\n");
        await AssertDamagedAsync("0");
        await AssertDamagedAsync(Encoding.ASCII.GetString(SequenceText.Encode(ulong.MaxValue)));
    }

    [Fact]
    public async Task Next_TheHighestNumber_IsRefused()
    {
        _folder.Write("owner.pem.seq", Encoding.ASCII.GetString(SequenceText.Encode(long.MaxValue)));

        Assert.Contains("no more commands", (await Assert.ThrowsAsync<CliException>(() => NextAsync(Now))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Next_ManyAtOnce_GivesEachNumberOnce()
    {
        var numbers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => new CommandSequence(KeyPath, TimeProvider.System).NextAsync(TestContext.Current.CancellationToken))));

        Assert.Equal(8, numbers.Distinct().Count());
    }

    [Fact]
    public async Task Next_WhileAnotherHoldsIt_Waits()
    {
        var time = new FakeTimeProvider(Now);
        Task<ulong> next;
        using (new FileStream(SequencePath + ".lock", FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            next = new CommandSequence(KeyPath, time).NextAsync(TestContext.Current.CancellationToken);
            Assert.False(next.IsCompleted);
        }

        time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(NowMicroseconds + 50_000, await next);
    }

    [Fact]
    public async Task Next_WhileAnotherHoldsItForLong_IsRefused()
    {
        using var held = new FileStream(SequencePath + ".lock", FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        var refused = await Assert.ThrowsAsync<CliException>(
            () => new CommandSequence(KeyPath, new FastTime(Now)).NextAsync(TestContext.Current.CancellationToken));

        Assert.Contains("is locked", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(SequencePath));
    }

    private Task<ulong> NextAsync(DateTimeOffset now) => new CommandSequence(KeyPath, new FakeTimeProvider(now)).NextAsync(TestContext.Current.CancellationToken);

    private async Task AssertDamagedAsync(string content)
    {
        _folder.Write("owner.pem.seq", content);

        var refused = await Assert.ThrowsAsync<CliException>(() => NextAsync(Now));

        Assert.Contains("is damaged", refused.Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(SequencePath, TestContext.Current.CancellationToken));
    }
}
