using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Logs.Files;

/// <summary>
/// How far a file has been read, with a fingerprint of what was read: its first bytes and the last ones before the offset.
/// It tells a file that grew from one that was replaced or truncated and refilled, and finds the copy that a rotation made.
/// </summary>
/// <param name="Path">Where the file was.</param>
/// <param name="Offset">Everything before it was handed over.</param>
/// <param name="Flags">What else has to be remembered.</param>
/// <param name="Fingerprint">Of the content before the offset.</param>
internal sealed record FilePosition(string Path, long Offset, FilePositionFlags Flags, FileFingerprint Fingerprint)
{
    private const byte Version = 1;
    private const int HeaderBytes = 1 + 1 + 8 + FileFingerprint.Bytes;

    public static FilePosition Start(string path) => new(path, 0, FilePositionFlags.None, FileFingerprint.Empty);

    public byte[] Encode()
    {
        var path = Encoding.UTF8.GetBytes(Path);
        var bytes = new byte[HeaderBytes + path.Length];
        bytes[0] = Version;
        bytes[1] = (byte)Flags;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(2), Offset);
        Fingerprint.CopyTo(bytes.AsSpan(10));
        path.CopyTo(bytes, HeaderBytes);
        return bytes;
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out FilePosition position)
    {
        var offset = bytes.Length >= HeaderBytes && bytes[0] == Version ? BinaryPrimitives.ReadInt64LittleEndian(bytes[2..]) : -1;
        if (offset < 0)
        {
            position = Start("");
            return false;
        }

        position = new(
            Encoding.UTF8.GetString(bytes[HeaderBytes..]),
            offset,
            (FilePositionFlags)bytes[1],
            FileFingerprint.Read(bytes.Slice(10, FileFingerprint.Bytes)));
        return true;
    }

    /// <summary>Whether the file still holds what was read up to here.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool Matches(SafeFileHandle file, long size) => size >= Offset && FileFingerprint.Of(file, Offset) == Fingerprint;
}
