using Messaging.Agent.Status;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Logs.Files;

internal sealed partial class FileLogSource
{
    public void Contribute(StatusBuilder status)
    {
        lock (_statusLock)
        {
            foreach (var file in _files.Values.Where(f => !f.IsCopy).OrderBy(f => f.Position.Path, StringComparer.Ordinal))
            {
                var behind = Math.Max(0, file.Seen.Size - file.Position.Offset);
                status.Logs.Add(new(file.Position.Path, file.Problem is not null ? "failing" : file.IsDetached ? "finishing" : "following", file.Lines, behind, file.LastLineAt, file.Problem));
            }

            foreach (var (path, problem) in _unreadable)
            {
                status.Logs.Add(new(path, "failing", 0, null, null, problem));
                status.Problems.Add(new("logs", $"{path} cannot be read: {problem}", "Let the agent's user read it, for example by group adm.", null));
            }

            foreach (var glob in _globs.Where(g => g.IsLiteral && !_unreadable.ContainsKey(g.Pattern) && _files.Values.All(f => f.Position.Path != g.Pattern)))
            {
                status.Logs.Add(new(glob.Pattern, "missing", 0, null, null, null));
            }
        }
    }

    [LoggerMessage(EventId = 2110, Level = LogLevel.Information, Message = "Following {Path} from {Offset}")]
    private partial void LogFollowing(string path, long offset);

    [LoggerMessage(EventId = 2111, Level = LogLevel.Debug, Message = "Done with {Path} at {Offset}")]
    private partial void LogLetGo(string path, long offset);

    [LoggerMessage(EventId = 2112, Level = LogLevel.Warning, Message = "The checkpoint {Key} is damaged: its file is followed as if it were new")]
    private partial void LogDamagedCheckpoint(string key);
}
