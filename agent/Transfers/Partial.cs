using Messaging.Wire;

namespace Messaging.Agent.Transfers;

/// <summary>A file that is pushed and is not whole yet. What changes is <see cref="Partials"/>' alone.</summary>
/// <param name="root">The allowed folder.</param>
/// <param name="path">What it is to become.</param>
/// <param name="temporary">Its name beside that.</param>
/// <param name="size">Of the whole.</param>
/// <param name="sha256">Of the whole.</param>
/// <param name="boot">In which it was begun: after another one its content is not what was written.</param>
internal sealed class Partial(string root, string path, string temporary, long size, byte[] sha256, BootId boot)
{
    public string Root { get; } = root;

    public string Path { get; } = path;

    public string Temporary { get; } = temporary;

    public long Size { get; } = size;

    public byte[] Sha256 { get; } = sha256;

    public BootId Boot { get; } = boot;

    /// <summary>Ends the push that writes it; null: nobody does.</summary>
    public Action? Holder { get; set; }

    /// <summary>The uptime in milliseconds at which it is deleted, unless somebody goes on with it.</summary>
    public ulong KeptUntil { get; set; }

    public bool IsOf(string path, long size, ReadOnlySpan<byte> sha256, BootId boot) =>
        Size == size && Boot == boot && string.Equals(Path, path, StringComparison.Ordinal) && sha256.SequenceEqual(Sha256);
}
