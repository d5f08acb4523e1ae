using System.Buffers.Binary;
using System.Text;
using Messaging.Sessions;

namespace Messaging.Agent.Shell.Login;

/// <summary>One piece of what goes between the agent and the helper for shells: a kind, 16 bits of length (big-endian), and so many bytes.</summary>
internal static class LoginFrame
{
    public const int MaxBody = ushort.MaxValue;
    private const int HeadBytes = 3;
    private const int SizeBytes = 4;

    public static byte[] Write(LoginFrameKind kind, ReadOnlySpan<byte> body)
    {
        var frame = new byte[HeadBytes + body.Length];
        frame[0] = (byte)kind;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), checked((ushort)body.Length));
        body.CopyTo(frame.AsSpan(HeadBytes));
        return frame;
    }

    public static byte[] Open(TerminalSize size, string terminal) => Write(LoginFrameKind.Open, [.. Of(size), .. Encoding.ASCII.GetBytes(terminal)]);

    public static byte[] Resize(TerminalSize size) => Write(LoginFrameKind.Resize, Of(size));

    /// <summary>The next one; null when the other end has closed, in between or in the middle.</summary>
    public static async ValueTask<(LoginFrameKind Kind, byte[] Body)?> ReadAsync(Stream stream, CancellationToken ct)
    {
        var head = new byte[HeadBytes];
        if (await stream.ReadAtLeastAsync(head, HeadBytes, throwOnEndOfStream: false, ct) < HeadBytes)
        {
            return null;
        }

        var body = new byte[BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(1))];
        return await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct) < body.Length ? null : ((LoginFrameKind)head[0], body);
    }

    public static bool TryReadOpen(ReadOnlySpan<byte> body, out TerminalSize size, out string terminal)
    {
        terminal = "";
        if (!TryReadSize(body, out size) || body.Length - SizeBytes is 0 or > ShellArguments.MaxTerminalBytes)
        {
            return false;
        }

        terminal = Encoding.ASCII.GetString(body[SizeBytes..]);
        return ShellArguments.IsTerminal(terminal);
    }

    /// <summary>What stands at the beginning of the body.</summary>
    public static bool TryReadSize(ReadOnlySpan<byte> body, out TerminalSize size)
    {
        size = default;
        if (body.Length < SizeBytes)
        {
            return false;
        }

        size = TerminalSize.Of(BinaryPrimitives.ReadUInt16BigEndian(body), BinaryPrimitives.ReadUInt16BigEndian(body[2..]));
        return true;
    }

    private static byte[] Of(TerminalSize size)
    {
        var bytes = new byte[SizeBytes];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)size.Columns);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)size.Rows);
        return bytes;
    }
}
