using System.Security.Cryptography;
using System.Text;
using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Configuration;
using Messaging.Agent.Spool;
using Messaging.Agent.Status;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Local;

/// <summary>
/// Files that programs move in: <c>*.metrics</c> and <c>*.events</c>, lines as on the socket without their first word. A file is sent as a whole and
/// deleted when it is durable; which one that was is in the same entry of the spool, so that a crash in between sends nothing twice.
/// </summary>
internal sealed partial class DropFolder(LocalBatcher batcher, SpoolStore spool, AgentOptions options, TimeProvider time, ILogger<DropFolder> logger) : IStatusPart
{
    public const string Rejected = "rejected";
    private const string CheckpointKey = "drop";
    private const int MaxFileBytes = 64 * 1024;
    private const int MaxLines = 1000;

    /// <summary>Files of the folder of rejected ones, reasons included; the oldest go.</summary>
    private const int MaxRejected = 200;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);
    private string? _problem;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(LookInterval, time);
        do
        {
            try
            {
                Look(ct);
                _problem = null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (_problem is null)
                {
                    LogFailed(options.Local.Drop, e.Message);
                }

                _problem = e.Message;
            }
        }
        while (await timer.WaitForNextTickAsync(ct));
    }

    public void Contribute(StatusBuilder status)
    {
        if (_problem is { } problem)
        {
            status.Problems.Add(new StatusProblem("drop folder", problem, $"The agent must be able to read and delete what is in {options.Local.Drop}.", null));
        }
    }

    private void Look(CancellationToken ct)
    {
        foreach (var file in new DirectoryInfo(options.Local.Drop).EnumerateFiles().OrderBy(file => file.LastWriteTimeUtc.Ticks).ThenBy(file => file.Name, StringComparer.Ordinal))
        {
            ct.ThrowIfCancellationRequested();

            // What is hidden is not finished.
            if (file.Name[0] != '.')
            {
                Take(file);
            }
        }
    }

    private void Take(FileInfo file)
    {
        if (Read(file, out var requests, out var mark) is { } problem)
        {
            Reject(file, problem);
            return;
        }

        var last = spool.Checkpoints(CheckpointKey);
        if (last is [var done] && done.Value.Span.SequenceEqual(mark))
        {
            file.Delete();
            return;
        }

        if (requests.Count > 0 && batcher.Write(requests, new LocalSender(0, FileOwner.Of(file.FullName) ?? 0), new Checkpoint(CheckpointKey, mark)) is { } refusal)
        {
            throw new IOException(refusal);
        }

        file.Delete();
    }

    /// <returns>Null, or why the file is refused.</returns>
    private static string? Read(FileInfo file, out List<LocalRequest> requests, out byte[] mark)
    {
        requests = [];
        mark = [];
        if (file.Extension is not (".metrics" or ".events"))
        {
            return "its name ends neither with .metrics nor with .events";
        }

        if (NoFollowFile.TryRead(file.FullName, MaxFileBytes, out var content) is { } refusal)
        {
            return refusal;
        }

        mark = SHA256.HashData([.. Encoding.UTF8.GetBytes($"{file.Name}\n{file.LastWriteTimeUtc.Ticks}\n"), .. content]);
        var lines = Encoding.UTF8.GetString(content).Split('\n');
        for (var number = 1; number <= lines.Length; number++)
        {
            var line = lines[number - 1].TrimEnd('\r');
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (!LineTokens.TrySplit(line, out var tokens, out var problem)
                || ((file.Extension == ".metrics" ? LocalLine.Metric(tokens, out var request) : LocalLine.Event(tokens, out request)) is { } wrong && (problem = wrong).Length > 0))
            {
                return $"line {number}: {problem}";
            }

            requests.Add(request!);
        }

        return requests.Count <= MaxLines ? null : $"it has more than {MaxLines} lines";
    }

    private void Reject(FileInfo file, string reason)
    {
        var folder = Path.Combine(options.Local.Drop, Rejected);
        foreach (var old in Directory.CreateDirectory(folder).EnumerateFiles().OrderByDescending(one => one.LastWriteTimeUtc.Ticks).Skip(MaxRejected))
        {
            old.Delete();
        }

        LogRejected(file.Name, reason);
        File.WriteAllText(Path.Combine(folder, file.Name + ".reason"), reason + "\n");
        file.MoveTo(Path.Combine(folder, file.Name), overwrite: true);
    }

    [LoggerMessage(EventId = 3085, Level = LogLevel.Warning, Message = "The drop folder {Folder} cannot be used: {Reason}")]
    private partial void LogFailed(string folder, string reason);

    [LoggerMessage(EventId = 3086, Level = LogLevel.Warning, Message = "{Name} in the drop folder is rejected: {Reason}")]
    private partial void LogRejected(string name, string reason);
}
