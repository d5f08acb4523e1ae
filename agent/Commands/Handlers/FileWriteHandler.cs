using System.Security.Cryptography;
using Messaging.Agent.Commands.Beneath;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Handlers;

/// <summary>Replaces a file below a folder that the device's owner allows, whole or not at all, and only where it is what the issuer expects.</summary>
internal sealed class FileWriteHandler(AgentOptions options, IDisk disk) : ICommandHandler, IDryRun
{
    public string Type => CommandTypes.FileWrite;

    public bool NeedsFreshness => true;

    public string? Check(ReadOnlyMemory<byte> arguments) =>
        !FileWriteArguments.TryDecode(arguments.Span, out var decoded) ? "file-write takes a path, a mode, bytes and what it replaces."
        : BeneathRoots.Find(options.Commands.WritePathList(), decoded.Path) is null ? $"The owner of this device does not allow writing {decoded.Path} (Commands:WritePaths)."
        : null;

    public Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        lock (Expectation.Gate)
        {
            return Task.FromResult(Run(context));
        }
    }

    public Task<CommandResult> TryAsync(CommandContext context, CancellationToken ct)
    {
        lock (Expectation.Gate)
        {
            return Task.FromResult(Try(context));
        }
    }

    private CommandResult Try(CommandContext context)
    {
        _ = FileWriteArguments.TryDecode(context.Arguments.Span, out var arguments);
        var (root, names) = BeneathRoots.Find(options.Commands.WritePathList(), arguments!.Path)!.Value;
        using var folder = BeneathFolder.Open(root, names, StatePath.Of(options));
        if (Expectation.Refusal(folder, arguments.Path, arguments.Expected, BeneathFolder.MaxHashedBytes, CancellationToken.None) is { } problem)
        {
            return CommandResult.Failed(problem);
        }

        var free = disk.Space(Path.GetDirectoryName(arguments.Path)!)?.Free;
        if (free < arguments.Bytes.Length)
        {
            return CommandResult.Failed($"{arguments.Path} would have {arguments.Bytes.Length} bytes, and {free} are free.");
        }

        using var file = folder.OpenTarget();
        var now = file is null ? $"create {arguments.Path}"
            : file.Length > BeneathFolder.MaxHashedBytes ? $"replace {arguments.Path} ({file.Length} bytes)"
            : $"replace {arguments.Path} ({file.Length} bytes, sha256 {Convert.ToHexStringLower(Expectation.Hash(file, long.MaxValue, CancellationToken.None))})";
        return CommandResult.Done($"It would {now} with {arguments.Bytes.Length} bytes, mode {FileMode8.Text(arguments.Mode)}{(free is null ? "" : $"; {free} bytes are free")}.");
    }

    private CommandResult Run(CommandContext context)
    {
        _ = FileWriteArguments.TryDecode(context.Arguments.Span, out var arguments);
        var (root, names) = BeneathRoots.Find(options.Commands.WritePathList(), arguments!.Path)!.Value;
        using var folder = BeneathFolder.Open(root, names, StatePath.Of(options));
        if (Expectation.Refusal(folder, arguments.Path, arguments.Expected, BeneathFolder.MaxHashedBytes, CancellationToken.None) is { } problem)
        {
            return CommandResult.Failed(problem);
        }

        return folder.Replace(arguments.Bytes.Span, arguments.Mode, arguments.Expected is { Length: 0 })
            ? CommandResult.Done($"{arguments.Bytes.Length} bytes; sha256 {Convert.ToHexStringLower(SHA256.HashData(arguments.Bytes.Span))}")
            : CommandResult.Failed($"{arguments.Path} is there already.");
    }
}
