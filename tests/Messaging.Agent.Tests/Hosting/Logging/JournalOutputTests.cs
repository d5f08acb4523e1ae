using System.Buffers.Binary;
using System.Text;
using Messaging.Agent.Hosting.Logging;
using Messaging.Agent.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Tests.Hosting.Logging;

public sealed partial class JournalOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _console = new();

    [Fact]
    public void Write_Entry_HasPriorityIdentifierAndTheTemplatesFields()
    {
        using var journal = new DatagramSocket(Path.Combine(_folder.Path, "journal"));
        using var factory = Factory(journal.Path);

        Retrying(factory.CreateLogger("Messaging.Agent.Transport"), "mqtts://relay:8883", 3);

        var entry = Parse(journal.Receive());
        Assert.Equal("mqtts://relay:8883 failed 3 times", entry["MESSAGE"]);
        Assert.Equal("4", entry["PRIORITY"]);
        Assert.Equal("messaging-agent", entry["SYSLOG_IDENTIFIER"]);
        Assert.Equal("Messaging.Agent.Transport", entry["MESSAGING_CATEGORY"]);
        Assert.Equal("77", entry["MESSAGING_EVENT_ID"]);
        Assert.Equal("mqtts://relay:8883", entry["MESSAGING_REMOTE_ADDRESS"]);
        Assert.Equal("3", entry["MESSAGING_COUNT"]);
        Assert.Equal(7, entry.Count);
    }

    [Fact]
    public void Write_LinesAndAnException_AreOneEntry()
    {
        using var journal = new DatagramSocket(Path.Combine(_folder.Path, "journal"));
        using var factory = Factory(journal.Path);

        Failed(factory.CreateLogger("Messaging.Agent.Hosting.AgentRunner"), "a\nPRIORITY=0\nb", new InvalidOperationException("why"));

        var entry = Parse(journal.Receive());
        Assert.StartsWith("It failed: a\nPRIORITY=0\nb\nSystem.InvalidOperationException: why", entry["MESSAGE"], StringComparison.Ordinal);
        Assert.Equal("a\nPRIORITY=0\nb", entry["MESSAGING_WHAT"]);
        Assert.Equal("2", entry["PRIORITY"]);
        Assert.Equal("System.InvalidOperationException", entry["MESSAGING_EXCEPTION"]);
        Assert.Equal(JournalMessageIds.PartFailed, entry["MESSAGE_ID"]);
    }

    [Fact]
    public void Write_MoreThanADatagramHolds_ComesAsASealedFile()
    {
        using var journal = new DatagramSocket(Path.Combine(_folder.Path, "journal"));
        using var factory = Factory(journal.Path);
        var text = new string('x', 4 * 1024 * 1024);

        Failed(factory.CreateLogger("C"), text, null);

        Assert.Equal("It failed: " + text, Parse(journal.ReceiveFile())["MESSAGE"]);
        Assert.Empty(_console.ToString());
    }

    [Fact]
    public void Write_JournalStartedAnew_IsFoundAgain()
    {
        var path = Path.Combine(_folder.Path, "journal");
        using var factory = Factory(path);
        var logger = factory.CreateLogger("C");
        using (var first = new DatagramSocket(path))
        {
            Retrying(logger, "a", 1);
            first.Receive();
        }

        File.Delete(path);
        using var second = new DatagramSocket(path);
        Retrying(logger, "b", 2);

        Assert.Equal("b failed 2 times", Parse(second.Receive())["MESSAGE"]);
    }

    [Fact]
    public void Write_WithoutAJournal_GoesToTheConsoleWithItsPriority()
    {
        using var factory = Factory(Path.Combine(_folder.Path, "none"));

        Retrying(factory.CreateLogger("C"), "a", 1);
        factory.CreateLogger("C").LogDebug("unwanted");

        Assert.Equal("<4>C[77] a failed 1 times\n", _console.ToString());
    }

    public void Dispose()
    {
        _folder.Dispose();
        _console.Dispose();
    }

    [LoggerMessage(EventId = 77, Level = LogLevel.Warning, Message = "{RemoteAddress} failed {Count} times")]
    private static partial void Retrying(ILogger logger, string remoteAddress, int count);

    [LoggerMessage(EventId = 78, EventName = "PartFailed", Level = LogLevel.Critical, Message = "It failed: {What}")]
    private static partial void Failed(ILogger logger, string what, Exception? exception);

    /// <summary>As systemd's own description of the protocol says it, apart from our code.</summary>
    private static Dictionary<string, string> Parse(ReadOnlySpan<byte> entry)
    {
        var fields = new Dictionary<string, string>();
        while (!entry.IsEmpty)
        {
            var end = entry.IndexOf((byte)'\n');
            var line = entry[..end];
            var equals = line.IndexOf((byte)'=');
            entry = entry[(end + 1)..];
            if (equals >= 0)
            {
                fields.Add(Encoding.UTF8.GetString(line[..equals]), Encoding.UTF8.GetString(line[(equals + 1)..]));
                continue;
            }

            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(entry);
            fields.Add(Encoding.UTF8.GetString(line), Encoding.UTF8.GetString(entry.Slice(sizeof(ulong), length)));
            Assert.Equal((byte)'\n', entry[sizeof(ulong) + length]);
            entry = entry[(sizeof(ulong) + length + 1)..];
        }

        return fields;
    }

    private AgentLoggerFactory Factory(string path) =>
        new(new JournalOutput(path, new ConsoleOutput(_console, withPriority: true, TimeProvider.System)));
}
