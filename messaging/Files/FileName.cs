using System.Text;

namespace Messaging.Files;

/// <summary>What a file may be called on the wire: one part of a path, without control characters.</summary>
public static class FileName
{
    /// <summary>The longest name, in bytes of UTF-8.</summary>
    public const int MaxBytes = 255;

    /// <summary>1 to 255 bytes of UTF-8, no / or \, no control characters (C0, DEL, C1), neither "." nor "..".</summary>
    public static bool IsValid(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > 0 && name is not ("." or "..") && Encoding.UTF8.GetByteCount(name) <= MaxBytes
            && !name.Any(static c => c is '/' or '\\' || char.IsControl(c));
    }
}
