using Messaging.Agent.Logs;
using Messaging.Agent.Logs.Files;
using Messaging.Agent.Tests.Hosting;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Logs.Files;

public sealed class FilePumpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _order = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_OfNewLines_SyncsTheFileBeforeTheyCountAsRead()
    {
        using var file = Follow("one\ntwo\n");
        var pump = new FilePump(new Sink(_order), new FixedBootClock(), TimeProvider.System, 1024, handle =>
        {
            Assert.Same(file.Handle, handle);
            _order.Add("sync");
        });

        Assert.Equal(PumpOutcome.AtEnd, await pump.RunAsync(file, takePartialLine: false, TestContext.Current.CancellationToken));

        Assert.Equal(["sync", "one two"], _order);
    }

    [Fact]
    public async Task Run_WhenTheDiskDoesNotSync_HandsNothingOverAndSaysWhy()
    {
        using var file = Follow("one\n");
        var pump = new FilePump(new Sink(_order), new FixedBootClock(), TimeProvider.System, 1024, static _ => throw new IOException("the card is gone"));

        Assert.Equal(PumpOutcome.Unreadable, await pump.RunAsync(file, takePartialLine: false, TestContext.Current.CancellationToken));

        Assert.Empty(_order);
        Assert.Equal(0, file.Position.Offset);
        Assert.Equal("the card is gone", file.Problem);
    }

    [Fact]
    public void Sync_OfAFileThatIsOpenForReading_Works()
    {
        using var file = Follow("one\n");

        LogFileHandle.Sync(file.Handle);
        using var device = LogFileHandle.Open("/dev/null");
        LogFileHandle.Sync(device);
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(() => LogFileHandle.Sync(device));
    }

    private FollowedFile Follow(string content)
    {
        var path = _folder.File("app.log");
        File.WriteAllText(path, content);
        var handle = LogFileHandle.Open(path);
        Assert.True(FileStat.TryGet(handle, out var stat));
        return new FollowedFile(stat.Identity, handle, FilePosition.Start(path));
    }

    private sealed class Sink(List<string> order) : ILogSink
    {
        public ValueTask WriteAsync(LogChunk chunk, CancellationToken ct)
        {
            order.Add(string.Join(' ', chunk.Lines.Select(static line => line.Body)));
            return ValueTask.CompletedTask;
        }
    }
}
