using System.Text;
using Messaging.Agent.Configuration;
using Messaging.Agent.Files;
using Messaging.Agent.Recordings;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Files;
using Messaging.Agent.Tests.Hosting;
using Messaging.Crypto;
using Messaging.Recordings;
using Messaging.Sessions;
using Messaging.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Recordings;

/// <summary>A device that records for an auditor, on a disk of tests.</summary>
internal sealed class RecordingWorld : IDisposable
{
    private static readonly StateFleet Fleet = new();

    public RecordingWorld(AgentOptions? options = null)
    {
        Disk = FileWorld.Disk();
        State = new StateWorld(Disk, Fleet);
        State.Enrol();
        Files = new FileWorld(State, Disk, Server, Time, options);
    }

    public static HpkeKeyPair Auditor { get; } = HpkeKeyPair.Generate();

    public static RecordingRule Rule { get; } = new(2, [Auditor.Public]);

    public CrashDisk Disk { get; }

    public StateWorld State { get; }

    public FileServer Server { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public FileWorld Files { get; }

    public RecordingStore Store => Files.Recordings;

    public static ShellArguments Shell { get; } = Arguments();

    public static Recorder Begin(RecordingStore store, CommandId command) => store.Begin(command, Rule, Shell, 1_795_000_000_000);

    public Recorder Begin(CommandId command) => Begin(Store, command);

    public static (RecordingVerdict Verdict, string Text) Read(byte[] recording, HpkeKeyPair? key = null)
    {
        var text = new StringBuilder();
        var verdict = RecordingReader.Begin(
            (offset, buffer) =>
            {
                var count = (int)Math.Clamp(recording.Length - offset, 0, buffer.Length);
                recording.AsSpan((int)Math.Min(offset, recording.Length), count).CopyTo(buffer);
                return count;
            },
            key ?? Auditor,
            out var reader);
        using (reader)
        {
            while (verdict == RecordingVerdict.Content)
            {
                verdict = reader.Next(out var content);
                text.Append(Encoding.UTF8.GetString(content));
            }
        }

        return (verdict, text.ToString());
    }

    /// <summary>What waits to be sent.</summary>
    public static byte[] Queued(CrashDisk disk, CommandId command) => disk.Content(Path.Combine(StateWorld.Folder.Recordings, "queue", command.ToString()));

    public void Dispose() => Files.Dispose();

    private static ShellArguments Arguments()
    {
        using var client = HpkeKeyPair.Generate();
        return new ShellArguments(SessionId.TryRead(new byte[16], out var id) ? id : default, client.Public, new TerminalSize(80, 24), "xterm");
    }
}
