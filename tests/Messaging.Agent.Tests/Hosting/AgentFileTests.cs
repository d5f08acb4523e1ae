using System.Diagnostics;
using Messaging.Agent.Files;
using Messaging.Agent.Tests.Files;
using Messaging.Agent.Tests.Local;
using Messaging.Agent.Tests.Support;
using Messaging.Files;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>The real agent and files of other programs of its device.</summary>
public sealed class AgentFileTests
{
    [Fact]
    public async Task Folder_GoodAndBadThings_AreSentOrRejectedWithTheirReason()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var (drop, files) = Folder(fixture);
        var server = new FileServer();
        fixture.Control.Files = record => server.Take(record.Type, record.Content);
        var content = FileCrashTests.Content((2 * FileSealer.ChunkSize) + 9);
        Put(files, "picture ✓.jpg", content);
        Put(files, "empty.txt", []);
        Put(files, "large.bin", new byte[300_000]);
        Put(files, "tab\there.txt", [1]);
        Put(files, "linked.bin", [2]);
        Put(files, "secret.bin", [3]);
        File.SetUnixFileMode(Path.Combine(files, "secret.bin"), UnixFileMode.None);
        Run("ln", Path.Combine(files, "linked.bin"), Path.Combine(drop, "other-name"));
        Run("mkfifo", Path.Combine(files, "pipe"));
        File.CreateSymbolicLink(Path.Combine(files, "link"), Path.Combine(fixture.State, "keys"));
        Directory.CreateDirectory(Path.Combine(files, "folder"));
        Put(files, ".hidden", [4]);

        await fixture.RunConnectedAsync("Local:Drop=" + drop, "Files:MaxBytes=100000");

        await Eventually.True(() => server.Stored.Count >= 2 && Directory.GetFileSystemEntries(files).Length == 3, "only the agent's folders and the hidden file are left; " + fixture.Agent!.Output);
        Assert.Equal(content, server.Stored["picture ✓.jpg"]);
        Assert.Empty(server.Stored["empty.txt"]);
        Assert.Equal("image/jpeg", server.Manifests.Single(manifest => manifest.Name == "picture ✓.jpg").MediaType);
        await Eventually.True(() => Directory.GetFiles(Path.Combine(files, ".queue")).Length == 0, "what is stored is deleted");
        var rejected = Path.Combine(files, "rejected");
        Assert.Equal("it has 300000 bytes; Files:MaxBytes is 100000\n", Reason("large.bin"));
        Assert.Equal("its name has control characters or a backslash, or is too long\n", Reason("tab\there.txt"));
        Assert.StartsWith("it has another name (a hard link)", Reason("linked.bin"), StringComparison.Ordinal);
        Assert.All(["pipe", "link", "folder"], name => Assert.StartsWith("it is no file", Reason(name), StringComparison.Ordinal));
        if (Environment.UserName != "root")
        {
            Assert.StartsWith("the agent may not read it", Reason("secret.bin"), StringComparison.Ordinal);
        }

        string Reason(string name) => File.ReadAllText(Path.Combine(rejected, name + ".reason"));
    }

    [Fact]
    public async Task Socket_FileThatAProgramNames_IsSentThoughTheAgentIsKilled()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var (drop, files) = Folder(fixture);
        var server = new FileServer();
        var socket = Path.Combine(fixture.Folder, "local.sock");
        string[] settings = ["Local:Drop=" + drop, "Local:Enabled=yes", "Local:Socket=" + socket, "Files:Rate=200KiB"];
        await fixture.RunConnectedAsync(settings);
        var content = FileCrashTests.Content(20 * FileSealer.ChunkSize);
        await Eventually.True(() => Directory.Exists(Path.Combine(files, ".queue")), "the agent made its folders");
        await File.WriteAllBytesAsync(Path.Combine(files, ".snapshot"), content, TestContext.Current.CancellationToken);
        using (var program = await LocalProgram.ConnectAsync(socket))
        {
            Assert.Equal("error file takes the name of a file in the folder files, without a path", await program.AskAsync("file ../../state/keys"));
            Assert.Equal("error 'nonsense' is no media type, such as image/jpeg", await program.AskAsync("file .snapshot type=nonsense"));
            Assert.StartsWith("error there is no file nothing in ", await program.AskAsync("file nothing"), StringComparison.Ordinal);
            Assert.Equal("ok", await program.AskAsync("file .snapshot name=\"snap shot.jpg\" type=image/jpeg camera=2"));
        }

        Assert.False(File.Exists(Path.Combine(files, ".snapshot")));
        await fixture.Control.UntilAsync(() => fixture.Control.Records.Any(record => record.Type == Streams.RecordType.FileChunk), "the first chunk", 60);
        await fixture.Agent!.KillAsync();
        var before = fixture.Control.Records.Where(record => record.Stream == Streams.StreamId.Files).ToList();
        before.ForEach(record => server.Take(record.Type, record.Content));
        fixture.Control.Files = record => server.Take(record.Type, record.Content);
        await fixture.RunConnectedAsync(["Local:Drop=" + drop]);

        await Eventually.True(() => Directory.GetFiles(Path.Combine(files, ".queue")).Length == 0, "it is stored and deleted; " + fixture.Agent!.Output);
        Assert.Equal(content, server.Stored["snap shot.jpg"]);
        Assert.Equal(Enumerable.Range(0, 20), server.Came.Select(one => one.Index));
        var manifest = Assert.Single(server.Manifests);
        Assert.Equal("image/jpeg", manifest.MediaType);
        Assert.Contains(new("camera", "2"), manifest.Attributes);
        Assert.Contains(manifest.Attributes, pair => pair.Key == "local.uid");
    }

    [Fact]
    public async Task Server_ThatRefuses_FileIsRejectedWithItsReason()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var (drop, files) = Folder(fixture);
        fixture.Control.Files = record => record.Type == Streams.RecordType.FileManifest && FileManifest.TryDecode(record.Content, out var manifest)
            ? new FileReceipt(manifest.Id, FileReceiptState.Ended, "too-large", [])
            : null;
        Put(files, "a.bin", [1, 2, 3]);
        await fixture.RunConnectedAsync("Local:Drop=" + drop);

        var reason = Path.Combine(files, "rejected", "a.bin.reason");
        await Eventually.True(() => File.Exists(Path.Combine(files, "rejected", "a.bin")), "it is rejected; " + fixture.Agent!.Output);
        Assert.Equal("too-large\n", await File.ReadAllTextAsync(reason, TestContext.Current.CancellationToken));
    }

    private static (string Drop, string Files) Folder(AgentFixture fixture)
    {
        var drop = Directory.CreateDirectory(Path.Combine(fixture.Folder, "drop")).FullName;
        return (drop, Directory.CreateDirectory(Path.Combine(drop, "files")).FullName);
    }

    /// <summary>At rest for a while already.</summary>
    private static void Put(string folder, string name, byte[] content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1));
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
