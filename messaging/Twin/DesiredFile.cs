using Messaging.Commands;

namespace Messaging.Twin;

/// <summary>A file as it is wanted.</summary>
/// <param name="path">Absolute, at most <see cref="TwinText.MaxPathBytes"/> bytes.</param>
/// <param name="mode">Permissions, 0 to 0777 octal.</param>
/// <param name="bytes">The whole content, at most <see cref="FileReadArguments.MaxBytes"/>.</param>
public sealed class DesiredFile(string path, int mode, ReadOnlyMemory<byte> bytes)
{
    /// <summary>Which.</summary>
    public string Path { get; } = path;

    /// <summary>Its permissions.</summary>
    public int Mode { get; } = mode;

    /// <summary>Its content.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;
}
