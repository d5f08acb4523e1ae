using System.Security.Cryptography;
using System.Text;
using Messaging.Agent.Clock;
using Messaging.Agent.Commands;
using Messaging.Agent.Commands.Beneath;
using Messaging.Agent.Commands.Output;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Transfers;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Sessions;
using Messaging.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Agent.Tests.Transfers;

/// <summary>What is refused before anything begins, and what a dry run says.</summary>
public sealed class TransferHandlerTests : IDisposable
{
    private static readonly HpkePublicKey Client = HpkeKeyPair.Generate().Public;
    private readonly string _root = Directory.CreateTempSubdirectory("messaging-handlers-").FullName;
    private readonly AgentOptions _options;
    private readonly BeneathPlaces _places;
    private readonly Partials _partials;

    public TransferHandlerTests()
    {
        _options = new AgentOptions { Device = { State = "/proc/self" }, Commands = { ReadPaths = _root, WritePaths = _root }, Sessions = { MaxFileBytes = 1000 } };
        _places = new BeneathPlaces(_options);
        _partials = new Partials(new FaultDisk(), "pushes", _places, new BootClock(), TimeSpan.Zero, new NoEvents(), NullLogger<Partials>.Instance);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("../state/keys")]
    [InlineData("a/../../state/keys")]
    [InlineData("./a")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("")]
    [InlineData("a\0b")]
    public void Check_OfAPathThatIsNoPlainOne_Refuses(string path)
    {
        Assert.Contains("Commands:WritePaths", Push().Check(PushOf($"{_root}/{path}")), StringComparison.Ordinal);
        Assert.Contains("Commands:ReadPaths", Pull().Check(PullOf($"{_root}/{path}")), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_OfAnotherFolder_OrOfNothing_Refuses()
    {
        Assert.NotNull(Push().Check(PushOf("/etc/passwd")));
        Assert.NotNull(Pull().Check(PullOf(_root + "-too/a")));
        Assert.NotNull(Push().Check(PullOf(_root + "/a")));
        Assert.NotNull(Pull().Check(PushOf(_root + "/a")));
        Assert.NotNull(Push().Check(default));
    }

    [Fact]
    public void Check_OfALargerFileThanTheDeviceTakes_Refuses() =>
        Assert.Contains("Sessions:MaxFileBytes", Push().Check(PushOf(_root + "/a", size: 1001)), StringComparison.Ordinal);

    [Fact]
    public async Task DryRun_SaysWhatWouldBeDone_AndWhatWouldNotWork()
    {
        var path = _root + "/a";
        Assert.Equal($"It would write 10 bytes to {path} with mode 0640, where nothing is.", await Try(Push(), PushOf(path)));
        await Assert.ThrowsAsync<IOException>(() => Try(Pull(), PullOf(path)));

        await File.WriteAllTextAsync(path, "old", TestContext.Current.CancellationToken);
        Assert.Equal($"It would write 10 bytes to {path} with mode 0640, in the place of 3 bytes.", await Try(Push(), PushOf(path)));
        Assert.Equal($"It would send the 3 bytes of {path}.", await Try(Pull(), PullOf(path)));
        Assert.Contains("is there already", await Try(Push(), PushOf(path, expected: []), CommandState.Failed), StringComparison.Ordinal);
        Assert.Contains("another one", await Try(Push(), PushOf(path, expected: new byte[32]), CommandState.Failed), StringComparison.Ordinal);
        await Try(Push(), PushOf(path, expected: SHA256.HashData("old"u8)));
        Assert.Equal("old", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    private static async Task<string> Try(IDryRun handler, byte[] arguments, CommandState state = CommandState.Done)
    {
        using var output = new OutputStream(CommandId.Generate(), 0, static _ => true, TimeProvider.System);
        var result = await Task.Run(() => handler.TryAsync(new CommandContext(CommandId.Generate(), arguments, output), TestContext.Current.CancellationToken));
        Assert.Equal(state, result.State);
        return result.Message;
    }

    private static byte[] PushOf(string path, long size = 10, byte[]? expected = null) =>
        new PushArguments(SessionId.Generate(), Client, path, size, 0x1a0, new byte[32], expected is null ? (ReadOnlyMemory<byte>?)null : expected).Encode();

    private static byte[] PullOf(string path) => new PullArguments(SessionId.Generate(), Client, path, 0, null, 1000).Encode();

    /// <summary>Without sessions: what is looked at here is refused before they are asked.</summary>
    private PushHandler Push() => new(null!, _places, _partials, _options);

    private PullHandler Pull() => new(null!, _places, _options);

    private sealed class NoEvents : IEventSink
    {
        public void Report(DeviceEvent one) => throw new InvalidOperationException(one.Name);
    }
}
