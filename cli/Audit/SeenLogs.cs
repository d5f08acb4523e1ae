using System.Text;
using Messaging.Audit;
using Messaging.Cli.Hosting;
using Messaging.Cli.Storage;

namespace Messaging.Cli.Audit;

/// <summary>The newest checkpoint of each log that this machine has verified, by the fleet's fingerprint: so that no server can show less, or something else.</summary>
/// <param name="folder">Where it is kept.</param>
internal sealed class SeenLogs(string folder)
{
    /// <summary>More logs than a fleet begins in its life.</summary>
    private const int MaxLogs = 64;

    /// <exception cref="CliException">What is kept is damaged.</exception>
    public IReadOnlyList<LogCheckpoint> Load(ReadOnlySpan<byte> fingerprint)
    {
        var path = PathOf(fingerprint);
        if (!File.Exists(path))
        {
            return [];
        }

        var seen = new List<LogCheckpoint>();
        foreach (var line in Encoding.ASCII.GetString(SmallFile.Read(path, MaxLogs * 1024)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            seen.Add(new CheckpointItem(line).TryRead(out var one)
                ? one
                : throw new CliException($"{path} is damaged. It keeps how far this machine has seen the server's log. Remove it to begin with what the server shows."));
        }

        return seen;
    }

    /// <summary>Durable when this returns. Newest first.</summary>
    public void Save(ReadOnlySpan<byte> fingerprint, LogCheckpoint newest)
    {
        IEnumerable<LogCheckpoint> all = [newest, .. Load(fingerprint).Where(one => one.LogId != newest.LogId)];
        DurableFile.CreatePrivateFolder(folder);
        DurableFile.Replace(
            PathOf(fingerprint), Encoding.ASCII.GetBytes(string.Concat(all.Take(MaxLogs).Select(static one => Convert.ToBase64String(one.Bytes.Span) + "\n"))));
    }

    private string PathOf(ReadOnlySpan<byte> fingerprint) => Path.Combine(folder, Convert.ToHexStringLower(fingerprint) + ".audit");
}
