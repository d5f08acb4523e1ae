using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Sessions;

/// <summary>The last message of a side: [reason, exit code or null, text].</summary>
/// <param name="reason">Why.</param>
/// <param name="exitCode">Of the shell; 128 and more after a signal. Null where there is none.</param>
/// <param name="text">For people, at most <see cref="MaxTextBytes"/> of UTF-8; a longer one is cut.</param>
public sealed class SessionEnd(SessionEndReason reason, int? exitCode, string text)
{
    /// <summary>The most bytes of the text.</summary>
    public const int MaxTextBytes = 512;

    /// <summary>Why.</summary>
    public SessionEndReason Reason { get; } = reason;

    /// <summary>Of the shell, 0 to 255.</summary>
    public int? ExitCode { get; } = exitCode;

    /// <summary>For people.</summary>
    public string Text { get; } = Utf8Text.Truncate(text, MaxTextBytes);

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (end, ref writer) =>
    {
        writer.WriteArrayHead(3);
        writer.WriteUInt64((ulong)end.Reason);
        writer.WriteUInt64OrNull((ulong?)end.ExitCode);
        writer.WriteText(end.Text, MaxTextBytes);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out SessionEnd? end)
    {
        end = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(3) || !reader.TryReadInt32(out var reason, (int)SessionEndReason.Failed))
        {
            return false;
        }

        var code = 0;
        var none = reader.TryReadNull();
        if ((!none && !reader.TryReadInt32(out code, 255)) || !reader.TryReadText(out var text, MaxTextBytes) || !reader.AtEnd)
        {
            return false;
        }

        end = new SessionEnd((SessionEndReason)reason, none ? null : code, text);
        return true;
    }
}
