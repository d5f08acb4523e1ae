using System.Security.Cryptography;
using Messaging.Agent.Clock;
using Messaging.Agent.Commands.Beneath;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Events;
using Messaging.Agent.Transfers;
using Messaging.Crypto;
using Messaging.Sessions;
using Messaging.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Agent.Tests.Transfers;

/// <summary>Files over the agent's own session code, to and from a real disk, with connections that break.</summary>
public sealed class TransferSessionTests : IDisposable
{
    private const int Size = (3 * 1024 * 1024) + 5;
    private static readonly HpkePublicKey Client = HpkeKeyPair.Generate().Public;
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(Size);
    private readonly string _base = Directory.CreateTempSubdirectory("messaging-transfers-").FullName;
    private readonly string _root;
    private readonly string _target;
    private readonly BeneathPlaces _places;
    private readonly Partials _partials;

    public TransferSessionTests()
    {
        _root = Directory.CreateDirectory(Path.Combine(_base, "allowed")).FullName;
        _target = Path.Combine(_root, "app.bin");
        var state = Directory.CreateDirectory(Path.Combine(_base, "state")).FullName;
        _places = new BeneathPlaces(new AgentOptions { Device = { State = state } });
        _partials = new Partials(PhysicalDisk.Instance, Path.Combine(state, "pushes"), _places, new BootClock(), TimeSpan.FromHours(1), new NoEvents(), NullLogger<Partials>.Instance);
    }

    private string[] Names => [.. Directory.EnumerateFileSystemEntries(_root, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }).Select(static path => Path.GetFileName(path))];

    public void Dispose() => Directory.Delete(_base, recursive: true);

    [Fact]
    public async Task Push_OverAConnectionThatIsCut_BringsAllOfIt()
    {
        using var line = Push();
        Send(line, 0, Content);
        for (var i = 1; i <= 3; i++)
        {
            var least = i * Size / 5;
            await line.Until(() => Partial() >= least);
            Assert.False(File.Exists(_target));
            line.Cut();
        }

        var end = await line.End();

        Assert.Equal((SessionEndReason.Done, true), (end.Reason, line.IsDone));
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(Content)), end.Text, StringComparison.Ordinal);
        Assert.Equal(Content, File.ReadAllBytes(_target));
        Assert.Equal((UnixFileMode)0x1a0, File.GetUnixFileMode(_target));
        Assert.Equal(["app.bin"], Names);
        Assert.Equal([SessionMessageKind.Start, SessionMessageKind.End], line.Came.Select(static message => message.Kind));
    }

    [Fact]
    public async Task Push_WhenTheAgentStopped_GoesOnWhereItWas()
    {
        long there;
        using (var line = Push())
        {
            Send(line, 0, Content.AsSpan(0, Size / 2));
            await line.Until(() => Partial() >= Size / 3);
            line.StopAgent();
            Assert.Equal((SessionEndReason.Stopping, false), ((await line.End()).Reason, line.IsDone));
            there = Partial();
        }

        using var again = Push();
        await again.Until(() => again.Came.Count > 0);
        Assert.True(FileStart.TryDecode(again.Came[0].Body.Span, out var start));
        Assert.Equal(there, start.Offset);
        Send(again, (int)start.Offset, Content);
        Assert.Equal(SessionEndReason.Done, (await again.End()).Reason);
        Assert.Equal(Content, File.ReadAllBytes(_target));
        Assert.Equal(["app.bin"], Names);
    }

    [Fact]
    public async Task Push_ThatTheClientEnds_LeavesNothing()
    {
        using var line = Push();
        Send(line, 0, Content.AsSpan(0, Size / 2));
        await line.Until(() => Partial() >= Size / 3);
        line.Leave(SessionEndReason.Closed);

        var end = await line.End();

        Assert.Equal((SessionEndReason.Closed, false), (end.Reason, line.IsDone));
        Assert.Contains("nothing was changed", end.Text, StringComparison.Ordinal);
        Assert.Empty(Names);
    }

    [Fact]
    public async Task Push_OfSomethingElseThanWasAnnounced_ChangesNothing()
    {
        File.WriteAllText(_target, "old");
        using var line = Push();
        var other = (byte[])Content.Clone();
        other[Size / 2] ^= 1;
        Send(line, 0, other);

        var end = await line.End();

        Assert.Equal((SessionEndReason.Failed, false), (end.Reason, line.IsDone));
        Assert.Equal("old", File.ReadAllText(_target));
        Assert.Equal(["app.bin"], Names);
    }

    [Fact]
    public async Task Push_ThroughALink_IsRefused()
    {
        Directory.CreateSymbolicLink(Path.Combine(_root, "link"), _base);
        using var line = Push("link", "app.bin");

        var end = await line.End();

        Assert.Equal(SessionEndReason.Failed, end.Reason);
        Assert.Contains("links are not followed", end.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_base, "app.bin")));
    }

    [Fact]
    public async Task Pull_OverAConnectionThatIsCut_FetchesAllOfIt()
    {
        File.WriteAllBytes(_target, Content);
        using var line = Pull();
        for (var i = 1; i <= 3; i++)
        {
            var least = i * Size / 5;
            await line.Until(() => Fetched(line).Length >= least);
            line.Cut();
        }

        await line.Until(() => line.Came[^1].Kind == SessionMessageKind.Sum);
        line.Leave(SessionEndReason.Done);
        var end = await line.End();

        Assert.Equal((SessionEndReason.Done, true), (end.Reason, line.IsDone));
        Assert.Equal(Content, Fetched(line));
        Assert.True(FileSum.TryDecode(line.Came[^2].Body.Span, out var sum));
        Assert.Equal(SHA256.HashData(Content), sum);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pull_WithAPart_GoesOnThereWhenItIsOfThisFile(bool isOfThisFile)
    {
        File.WriteAllBytes(_target, Content);
        var part = Content[..(Size / 2)];
        part[5] ^= isOfThisFile ? (byte)0 : (byte)1;
        using var line = Pull(part.Length, SHA256.HashData(part));

        await line.Until(() => line.Came.Count > 0 && line.Came[^1].Kind == SessionMessageKind.Sum);

        Assert.True(FileStart.TryDecode(line.Came[0].Body.Span, out var start));
        Assert.Equal((Size, isOfThisFile ? part.Length : 0), (start.Size, start.Offset));
        Assert.Equal(Content[(int)start.Offset..], Fetched(line));
        line.Leave(SessionEndReason.Closed);
        Assert.Equal(SessionEndReason.Closed, (await line.End()).Reason);
        Assert.False(line.IsDone);
    }

    [Fact]
    public async Task Pull_OfAFileThatIsWrittenTo_SaysSo()
    {
        File.WriteAllBytes(_target, Content);
        using var line = Pull();
        await line.Until(() => Fetched(line).Length > 0);
        File.AppendAllText(_target, "more");

        var end = await line.End();

        Assert.Equal((SessionEndReason.Failed, false), (end.Reason, line.IsDone));
        Assert.Contains("was changed while it was read", end.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(line.Came, static message => message.Kind == SessionMessageKind.Sum);
    }

    [Fact]
    public async Task Pull_OfMoreThanTheClientTakes_SendsNothing()
    {
        File.WriteAllBytes(_target, Content);
        using var line = Pull(largest: Size - 1);

        var end = await line.End();

        Assert.Equal(SessionEndReason.Failed, end.Reason);
        Assert.Contains("more than", end.Text, StringComparison.Ordinal);
        Assert.Empty(Fetched(line));
    }

    [Fact]
    public async Task Pull_OfWhatIsNotThere_SaysSo()
    {
        using var line = Pull();

        Assert.Contains("There is no", (await line.End()).Text, StringComparison.Ordinal);
    }

    private static void Send(SessionLine line, int from, ReadOnlySpan<byte> content)
    {
        for (var at = from; at < content.Length; at += SessionMessage.MaxBytes)
        {
            line.Say(new SessionMessage(SessionMessageKind.Data, content[at..Math.Min(at + SessionMessage.MaxBytes, content.Length)].ToArray()));
        }
    }

    private static byte[] Fetched(SessionLine line) => [.. line.Came.Where(static message => message.Kind == SessionMessageKind.Data).SelectMany(static message => message.Body.ToArray())];

    private long Partial() => Names.Where(static name => name.StartsWith(".messaging-", StringComparison.Ordinal)).Select(name => new FileInfo(Path.Combine(_root, name)).Length).SingleOrDefault();

    private SessionLine Push(params string[] names)
    {
        var push = new PushArguments(SessionId.Generate(), Client, _target, Size, 0x1a0, SHA256.HashData(Content), null);
        return new SessionLine(() => new PushBody(new PushWriter(_places, _partials, new PushOrder(_root, names.Length > 0 ? names : ["app.bin"], push), 0), Size, CancellationToken.None));
    }

    private SessionLine Pull(long offset = 0, byte[]? prefix = null, long largest = long.MaxValue)
    {
        var pull = new PullArguments(SessionId.Generate(), Client, _target, offset, prefix is null ? (ReadOnlyMemory<byte>?)null : prefix, largest);
        return new SessionLine(() => new PullBody(new PullReader(_places.Open(_root, ["app.bin"]), pull), CancellationToken.None));
    }

    private sealed class NoEvents : IEventSink
    {
        public void Report(DeviceEvent one) => throw new InvalidOperationException($"Nothing is lost: {one.Name}");
    }
}
