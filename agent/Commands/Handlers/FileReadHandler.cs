using Messaging.Agent.Commands.Beneath;
using Messaging.Agent.Configuration;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Handlers;

/// <summary>Reads a part of a file below a folder that the device's owner allows.</summary>
internal sealed class FileReadHandler(AgentOptions options) : ICommandHandler, IDryRun
{
    public string Type => CommandTypes.FileRead;

    public bool NeedsFreshness => false;

    public string? Check(ReadOnlyMemory<byte> arguments) =>
        !FileReadArguments.TryDecode(arguments.Span, out var decoded) ? "file-read takes a path, an offset and a length."
        : BeneathRoots.Find(options.Commands.ReadPathList(), decoded.Path) is null ? $"The owner of this device does not allow reading {decoded.Path} (Commands:ReadPaths)."
        : null;

    public Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct) => Task.FromResult(Run(context));

    public Task<CommandResult> TryAsync(CommandContext context, CancellationToken ct)
    {
        _ = FileReadArguments.TryDecode(context.Arguments.Span, out var arguments);
        var (root, names) = BeneathRoots.Find(options.Commands.ReadPathList(), arguments!.Path)!.Value;
        using var folder = BeneathFolder.Open(root, names, StatePath.Of(options));
        using var file = folder.OpenFile();
        if (file is null)
        {
            return Task.FromResult(CommandResult.Failed($"There is no {arguments.Path}."));
        }

        var size = RandomAccess.GetLength(file);
        var count = Math.Clamp(size - arguments.Offset, 0, arguments.Length);
        return Task.FromResult(CommandResult.Done(
            $"It would read {count} bytes from {arguments.Offset} of {arguments.Path}: {size} bytes, mode {FileMode8.Text((int)File.GetUnixFileMode(file))}."));
    }

    private CommandResult Run(CommandContext context)
    {
        _ = FileReadArguments.TryDecode(context.Arguments.Span, out var arguments);
        var (root, names) = BeneathRoots.Find(options.Commands.ReadPathList(), arguments!.Path)!.Value;
        using var folder = BeneathFolder.Open(root, names, StatePath.Of(options));
        using var file = folder.OpenTarget();
        if (file is null)
        {
            return CommandResult.Failed($"There is no {arguments.Path}.");
        }

        var bytes = new byte[arguments.Length];
        var count = file.Read(arguments.Offset, bytes);
        var size = file.Length;
        var hash = size <= BeneathFolder.MaxHashedBytes ? $"; sha256 {Convert.ToHexStringLower(Expectation.Hash(file, long.MaxValue, CancellationToken.None))}" : "";
        return new CommandResult(CommandState.Done, $"{count} bytes from {arguments.Offset}, of {size}{hash}", null, bytes.AsMemory(0, count));
    }
}
