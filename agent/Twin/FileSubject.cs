using Messaging.Agent.Commands.Beneath;
using Messaging.Agent.Configuration;
using Messaging.Twin;

namespace Messaging.Agent.Twin;

/// <summary>Files: content and mode, where file-write may write. Each is replaced whole and durably.</summary>
internal sealed class FileSubject(AgentOptions options) : ITwinSubject
{
    private const int PermissionBits = 0xfff;
    private readonly Dictionary<string, DesiredFile> _wanted = new(StringComparer.Ordinal);

    public PropertyKind Kind => PropertyKind.File;

    public PropertyLimits Limits { get; } = new(TimeSpan.FromMinutes(10), 5, TimeSpan.FromSeconds(2), TriesAgain: true);

    public void Take(DesiredState state)
    {
        _wanted.Clear();
        foreach (var file in state.Files)
        {
            _wanted[file.Path] = file;
        }
    }

    public Task BeginAsync(CancellationToken ct) => Task.CompletedTask;

    public Look Look(string name)
    {
        if (TwinRules.File(name, options) is { } refused)
        {
            return Twin.Look.Impossible(refused);
        }

        try
        {
            return LookAt(_wanted[name]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Twin.Look.Different(e.Message);
        }
    }

    public Task<string?> ActAsync(string name, CancellationToken ct)
    {
        try
        {
            var file = _wanted[name];
            using var folder = Open(name);
            folder.Replace(file.Bytes.Span, file.Mode, mustBeNew: false);
            return Task.FromResult<string?>(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult<string?>(e.Message);
        }
    }

    private Look LookAt(DesiredFile wanted)
    {
        using var folder = Open(wanted.Path);
        using var file = folder.OpenFile();
        if (file is null)
        {
            return Twin.Look.Different("it is not there");
        }

        if (RandomAccess.GetLength(file) != wanted.Bytes.Length)
        {
            return Twin.Look.Different("its content is another");
        }

        var content = new byte[wanted.Bytes.Length];
        for (int count, at = 0; at < content.Length; at += count)
        {
            count = RandomAccess.Read(file, content.AsSpan(at), at);
            if (count == 0)
            {
                return Twin.Look.Different("its content is another");
            }
        }

        return !content.AsSpan().SequenceEqual(wanted.Bytes.Span) ? Twin.Look.Different("its content is another")
            : ((int)File.GetUnixFileMode(file) & PermissionBits) != wanted.Mode ? Twin.Look.Different("its mode is another")
            : Twin.Look.Same;
    }

    private BeneathFolder Open(string path)
    {
        var (root, names) = BeneathRoots.Find(options.Commands.WritePathList(), path)!.Value;
        return BeneathFolder.Open(root, names, StatePath.Of(options));
    }
}
