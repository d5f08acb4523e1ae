using System.Security.Cryptography;
using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Files;
using Messaging.Agent.Tests.Hosting;
using Messaging.Agent.Tests.Support;
using Messaging.Commands;
using Messaging.Recordings;
using Messaging.Sessions;
using Messaging.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Recordings;

public sealed class RecordingStoreTests
{
    private readonly CommandId _command = CommandId.Generate();

    [Fact]
    public void Keep_OfAWholeRecording_BringsItToTheServerAndDeletesItOnlyThen()
    {
        using var world = new RecordingWorld();
        var recorder = world.Begin(_command);
        recorder.Output("hello\r\n"u8);
        world.Time.Advance(TimeSpan.FromSeconds(90));
        recorder.Resize(new TerminalSize(100, 30));

        Assert.Null(recorder.Finish());
        var result = world.Store.Keep(recorder, CommandResult.Done("Ended."));

        var file = RecordingWorld.Queued(world.Disk, _command);
        Assert.Equal(SHA256.HashData(file), result.Recording);
        Assert.Equal($"Ended. Recording: sha256 {Convert.ToHexStringLower(result.Recording!)}, {file.Length} bytes.", result.Message);
        var (verdict, text) = RecordingWorld.Read(file);
        Assert.Equal(RecordingVerdict.Complete, verdict);
        Assert.Contains("\"o\", \"hello\\r\\n\"]\n", text, StringComparison.Ordinal);
        Assert.Contains("[90.000000, \"r\", \"100x30\"]\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hello", System.Text.Encoding.Latin1.GetString(file), StringComparison.Ordinal);

        world.Files.Courier.Recover();
        world.Files.Turn();
        world.Files.Deliver(answer: false);
        Assert.True(world.Disk.Exists(Path.Combine(StateWorld.Folder.Recordings, "queue", _command.ToString())));
        world.Files.Finish();

        Assert.Equal(file, world.Server.Stored[$"{_command}.msgrec"]);
        var manifest = Assert.Single(world.Server.Manifests);
        Assert.Equal((RecordingFormat.MediaType, 1_795_000_000_000, _command.ToString()), (manifest.MediaType, manifest.UnixMs, manifest.Id.ToString()));
        Assert.Equal([new(RecordingEnd.Key, RecordingEnd.Complete), new(RecordingEnd.LastedKey, "90000")], manifest.Attributes);
        Assert.DoesNotContain(world.Disk.Names, static name => name.StartsWith(StateWorld.Folder.Recordings, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Output_AfterASecond_IsOnTheMediumThoughNothingMoreComes()
    {
        using var world = new RecordingWorld();
        using var recorder = world.Begin(_command);
        var head = recorder.Written;

        recorder.Output("a"u8);
        world.Time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.True(() => recorder.Written > head, "it is written");
    }

    [Fact]
    public void Power_CutAtEachOperation_LeavesWhatWasOnTheMediumAsBrokenOff()
    {
        using var world = new RecordingWorld();
        var began = world.Disk.Operations;
        var recorder = world.Begin(_command);
        var whole = 0;
        for (var piece = 0; piece < 3; piece++)
        {
            recorder.Output(System.Text.Encoding.ASCII.GetBytes(new string((char)('a' + piece), RecordingFormat.MaxChunkBytes)));
        }

        recorder.Finish();
        var sha256 = world.Store.Keep(recorder, CommandResult.Done()).Recording;
        whole = world.Disk.Operations;
        var complete = RecordingWorld.Read(RecordingWorld.Queued(world.Disk, _command)).Text;
        var seen = new HashSet<RecordingVerdict>();

        PowerCuts.Each(world.Disk, 11, began, int.MaxValue, (left, completed, _) =>
        {
            using var after = new FileWorld(world.State, left, new FileServer(), new FakeTimeProvider());
            var result = after.Recordings.AfterCrash(_command, new CommandResult(CommandState.Unknown, "It went down."));
            if (result.Recording is null)
            {
                Assert.True(completed < whole);
                return;
            }

            var file = RecordingWorld.Queued(left, _command);
            Assert.Equal(SHA256.HashData(file), result.Recording);
            var (verdict, text) = RecordingWorld.Read(file);
            Assert.Contains(verdict, new[] { RecordingVerdict.Complete, RecordingVerdict.BrokenOff });
            Assert.StartsWith(text, complete, StringComparison.Ordinal);
            Assert.Equal(verdict == RecordingVerdict.BrokenOff, result.Message.EndsWith(", broken off.", StringComparison.Ordinal));
            Assert.True(completed < whole || verdict == RecordingVerdict.Complete);
            Assert.True(verdict == RecordingVerdict.BrokenOff || sha256.AsSpan().SequenceEqual(result.Recording));
            seen.Add(verdict);
            after.Courier.Recover();
            after.Finish();
            Assert.DoesNotContain(left.Names, static name => name.StartsWith(StateWorld.Folder.Recordings, StringComparison.Ordinal));
        });

        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public void Begin_WithoutRoomOnTheDisk_IsRefusedByName()
    {
        using var world = new RecordingWorld();
        world.Disk.Size = new DiskSpace(1 << 30, 1 << 20);

        Assert.Contains("Sessions:KeepFree", world.Store.Refusal(), StringComparison.Ordinal);
        var error = Assert.Throws<IOException>(() => world.Begin(_command));
        Assert.StartsWith("Shells are recorded here (policy rule 2), and that cannot be done: the disk is full", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Begin_BeyondTheQuota_IsRefusedUntilTheServerHasSome()
    {
        var options = new AgentOptions { Device = new() { State = "state" }, Sessions = new() { RecordBytes = 1 << 20, RecordQuota = 2 << 20 } };
        using var world = new RecordingWorld(options);
        var first = world.Begin(_command);
        var second = world.Begin(CommandId.Generate());

        Assert.Contains("Sessions:RecordQuota", world.Store.Refusal(), StringComparison.Ordinal);
        world.Store.Keep(first, CommandResult.Done());
        world.Store.Keep(second, CommandResult.Done());
        world.Begin(CommandId.Generate()).Dispose();
        Assert.Contains("Sessions:RecordQuota", world.Store.Refusal(), StringComparison.Ordinal);
        world.Files.Courier.Recover();
        world.Files.Finish();

        Assert.Null(world.Store.Refusal());
    }

    [Theory]
    [InlineData("create")]
    [InlineData("write")]
    [InlineData("sync")]
    [InlineData("syncdir")]
    public void Begin_WhenTheDiskRefuses_ThrowsAndLeavesNothingToSend(string operation)
    {
        using var world = new RecordingWorld();
        world.Disk.Fail = one => one == operation;

        Assert.StartsWith("Shells are recorded here (policy rule 2), and that cannot be done: ", Assert.Throws<IOException>(() => world.Begin(_command)).Message, StringComparison.Ordinal);

        world.Disk.Fail = null;
        Assert.Null(world.Store.Refusal());
        Assert.Empty(world.Store.Taken());
    }

    [Fact]
    public async Task Output_ThatTheDiskRefuses_IsAProblemAndWhatIsThereIsKeptAsBrokenOff()
    {
        using var world = new RecordingWorld();
        var recorder = world.Begin(_command);
        world.Disk.Fail = static one => one == "write";
        recorder.Output(new byte[RecordingFormat.MaxChunkBytes]);
        await Eventually.True(() => recorder.Problem is not null, "it has a problem");
        world.Disk.Fail = null;

        Assert.Equal("it cannot be written: injected: write", recorder.Finish());
        var result = world.Store.Keep(recorder, CommandResult.Failed("It broke."));

        var file = RecordingWorld.Queued(world.Disk, _command);
        Assert.Equal(RecordingVerdict.BrokenOff, RecordingWorld.Read(file).Verdict);
        Assert.Equal(SHA256.HashData(file), result.Recording);
        Assert.EndsWith(", broken off.", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_BeyondTheLimit_IsAProblemAndTheRecordingIsWhole()
    {
        var options = new AgentOptions { Device = new() { State = "state" }, Sessions = new() { RecordBytes = 1 << 20 } };
        using var world = new RecordingWorld(options);
        var recorder = world.Begin(_command);
        var piece = new byte[16 * 1024];
        while (recorder.Problem is null)
        {
            await Eventually.True(() => recorder.HasRoom || recorder.Problem is not null, "there is room");
            recorder.Output(piece);
        }

        Assert.Contains("Sessions:RecordBytes", recorder.Finish(), StringComparison.Ordinal);
        world.Store.Keep(recorder, CommandResult.Failed("It was ended."));

        var file = RecordingWorld.Queued(world.Disk, _command);
        Assert.InRange(file.Length, 1 << 20, 3 << 20);
        Assert.Equal(RecordingVerdict.Complete, RecordingWorld.Read(file).Verdict);
    }

    [Fact]
    public void Keep_OfAFileThatSomebodyTookAway_FailsAndStillSaysWhatItWas()
    {
        using var world = new RecordingWorld();
        var recorder = world.Begin(_command);
        recorder.Finish();
        world.Disk.Delete(recorder.Path);

        var result = world.Store.Keep(recorder, CommandResult.Done("Ended."));

        Assert.Equal((CommandState.Failed, 32), (result.State, result.Recording!.Length));
        Assert.Contains(", which cannot be kept: ", result.Message, StringComparison.Ordinal);
    }
}
