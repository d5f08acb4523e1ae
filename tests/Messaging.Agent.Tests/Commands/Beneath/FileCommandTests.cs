using System.Security.Cryptography;
using System.Text;
using Messaging.Agent.Commands;
using Messaging.Agent.Commands.Handlers;
using Messaging.Agent.Commands.Output;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Commands.Beneath;

/// <summary>Files by command, on a real disk, with those who would lead the agent elsewhere.</summary>
public sealed class FileCommandTests : IDisposable
{
    private readonly string _base = Directory.CreateTempSubdirectory("messaging-files-").FullName;
    private readonly string _root;
    private readonly string _secret;
    private readonly AgentOptions _options;

    public FileCommandTests()
    {
        _root = Directory.CreateDirectory(Path.Combine(_base, "allowed")).FullName;
        _secret = Path.Combine(Directory.CreateDirectory(Path.Combine(_base, "state")).FullName, "keys");
        File.WriteAllText(_secret, "the keys");
        _options = new AgentOptions { Device = { State = Path.Combine(_base, "state") }, Commands = { ReadPaths = $"/nowhere, {_root}", WritePaths = _root } };
    }

    public void Dispose() => Directory.Delete(_base, recursive: true);

    [Fact]
    public void Read_AFile_GivesThePartAndTheHashOfAll()
    {
        File.WriteAllText(Path.Combine(_root, "a"), "0123456789");

        var result = Read("a", 2, 5);

        Assert.Equal((CommandState.Done, "23456"), (result.State, Encoding.UTF8.GetString(result.Output.Span)));
        Assert.Equal($"5 bytes from 2, of 10; sha256 {Hex("0123456789")}", result.Message);
        Assert.Equal("", Encoding.UTF8.GetString(Read("a", 100, 5).Output.Span));
        Assert.Equal((CommandState.Failed, $"There is no {_root}/b."), (Read("b").State, Read("b").Message));
    }

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
        Assert.Contains("Commands:ReadPaths", new FileReadHandler(_options).Check(new FileReadArguments($"{_root}/{path}", 0, 1).Encode()), StringComparison.Ordinal);
        Assert.Contains(
            "Commands:WritePaths", new FileWriteHandler(_options, new PhysicalDisk()).Check(new FileWriteArguments($"{_root}/{path}", 0x180, default, null).Encode()), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_OfAnotherFolder_Refuses()
    {
        var reader = new FileReadHandler(_options);

        Assert.NotNull(reader.Check(new FileReadArguments(_root + "-too/a", 0, 1).Encode()));
        Assert.NotNull(reader.Check(new FileReadArguments("/etc/passwd", 0, 1).Encode()));
        Assert.NotNull(reader.Check(new FileReadArguments("etc/passwd", 0, 1).Encode()));
        Assert.NotNull(reader.Check(new FileReadArguments(_root, 0, 1).Encode()));
        Assert.NotNull(new FileReadHandler(new AgentOptions()).Check(new FileReadArguments("/etc/passwd", 0, 1).Encode()));
        Assert.Null(reader.Check(new FileReadArguments(_root + "/a/b", 0, 1).Encode()));
    }

    [Fact]
    public void Read_ThroughLinks_Refuses()
    {
        Directory.CreateDirectory(Path.Combine(_root, "sub"));
        File.CreateSymbolicLink(Path.Combine(_root, "link"), _secret);
        Directory.CreateSymbolicLink(Path.Combine(_root, "folder"), Path.Combine(_base, "state"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "sub", "up"), "../..");

        foreach (var path in new[] { "link", "folder/keys", "sub/up/state/keys" })
        {
            Assert.Contains("links are not followed", Assert.Throws<IOException>(() => Read(path)).Message, StringComparison.Ordinal);
            Assert.Contains("links are not followed", Assert.Throws<IOException>(() => Write(path, "forged")).Message, StringComparison.Ordinal);
        }

        Assert.Equal("the keys", File.ReadAllText(_secret));
    }

    [Fact]
    public void Read_OfWhatIsNoPlainFile_Refuses()
    {
        Directory.CreateDirectory(Path.Combine(_root, "folder"));
        using (var made = System.Diagnostics.Process.Start("mkfifo", Path.Combine(_root, "pipe")))
        {
            made.WaitForExit();
        }

        Assert.Contains("no plain file", Assert.Throws<IOException>(() => Read("folder")).Message, StringComparison.Ordinal);
        Assert.Contains("no plain file", Assert.Throws<IOException>(() => Read("pipe")).Message, StringComparison.Ordinal);
        Assert.Contains("no plain file", Assert.Throws<IOException>(() => Write("pipe", "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadAndWrite_OfTheAgentsOwnFolder_AreRefusedThoughItIsBelow()
    {
        _options.Commands.ReadPaths = _base;
        _options.Commands.WritePaths = "/";

        Assert.Contains("the agent's own", Assert.Throws<IOException>(() => Read("../state/keys", root: _base + "/state/keys")).Message, StringComparison.Ordinal);
        Assert.Contains("the agent's own", Assert.Throws<IOException>(() => Write("x", "x", root: _base + "/state/keys")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ANewFile_HasItsContentAndMode()
    {
        var result = Write("new", "content", mode: 0x1a0);

        Assert.Equal((CommandState.Done, $"7 bytes; sha256 {Hex("content")}"), (result.State, result.Message));
        Assert.Equal("content", File.ReadAllText(Path.Combine(_root, "new")));
        Assert.Equal((UnixFileMode)0x1a0, File.GetUnixFileMode(Path.Combine(_root, "new")));
        Assert.Equal(["new"], Directory.EnumerateFileSystemEntries(_root).Select(Path.GetFileName));
    }

    [Fact]
    public void Write_WhereTheOldContentIsExpected_ReplacesThatAndNothingElse()
    {
        File.WriteAllText(Path.Combine(_root, "a"), "old");

        Assert.Equal(CommandState.Failed, Write("a", "new", expected: Encoding.UTF8.GetBytes("older")).State);
        Assert.Equal("old", File.ReadAllText(Path.Combine(_root, "a")));
        Assert.Equal(CommandState.Done, Write("a", "new", expected: Encoding.UTF8.GetBytes("old")).State);
        Assert.Equal("new", File.ReadAllText(Path.Combine(_root, "a")));
        Assert.Contains($"sha256 {Hex("new")}", Write("a", "x", expected: Encoding.UTF8.GetBytes("old")).Message, StringComparison.Ordinal);
        Assert.Equal(CommandState.Failed, Write("b", "x", expected: Encoding.UTF8.GetBytes("old")).State);
        Assert.Equal(["a"], Directory.EnumerateFileSystemEntries(_root).Select(Path.GetFileName));
    }

    [Fact]
    public void Write_WhereNothingMustBe_LeavesWhatIsThere()
    {
        Assert.Equal(CommandState.Done, Write("a", "first", mustBeNew: true).State);
        Assert.Equal((CommandState.Failed, $"{_root}/a is there already."), (Write("a", "second", mustBeNew: true).State, Write("a", "second", mustBeNew: true).Message));

        Assert.Equal("first", File.ReadAllText(Path.Combine(_root, "a")));
        Assert.Equal(["a"], Directory.EnumerateFileSystemEntries(_root).Select(Path.GetFileName));
    }

    [Fact]
    public void Write_OfAFileWithAnotherName_DoesNotReachTheOther()
    {
        File.WriteAllText(Path.Combine(_root, "a"), "shared");
        using (var linked = System.Diagnostics.Process.Start("ln", [Path.Combine(_root, "a"), Path.Combine(_base, "outside")]))
        {
            linked.WaitForExit();
        }

        Assert.Equal(CommandState.Done, Write("a", "new").State);

        Assert.Equal("new", File.ReadAllText(Path.Combine(_root, "a")));
        Assert.Equal("shared", File.ReadAllText(Path.Combine(_base, "outside")));
    }

    private static string Hex(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private static CommandResult Run(ICommandHandler handler, byte[] arguments)
    {
        Assert.Null(handler.Check(arguments));
        using var output = new OutputStream(CommandId.Generate(), 0, _ => true, TimeProvider.System);
        var task = handler.RunAsync(new CommandContext(CommandId.Generate(), arguments, output), TestContext.Current.CancellationToken);
        return task.GetAwaiter().GetResult();
    }

    private CommandResult Read(string path, long offset = 0, int length = 1000, string? root = null) =>
        Run(new FileReadHandler(_options), new FileReadArguments(root ?? $"{_root}/{path}", offset, length).Encode());

    private CommandResult Write(string path, string content, int mode = 0x180, byte[]? expected = null, bool mustBeNew = false, string? root = null) => Run(
        new FileWriteHandler(_options, new PhysicalDisk()),
        new FileWriteArguments(
            root ?? $"{_root}/{path}", mode, Encoding.UTF8.GetBytes(content), mustBeNew ? ReadOnlyMemory<byte>.Empty : expected is null ? (ReadOnlyMemory<byte>?)null : SHA256.HashData(expected)).Encode());
}
