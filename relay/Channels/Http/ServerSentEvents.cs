using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;

namespace Messaging.Relay.Channels.Http;

/// <summary>Writes server-sent events whose fields have no line breaks.</summary>
internal static class ServerSentEvents
{
    public static void WriteEvent(this PipeWriter output, ReadOnlySpan<byte> name, long id, ReadOnlySpan<byte> data)
    {
        output.Write("event: "u8);
        output.Write(name);
        output.Write("\nid: "u8);
        output.WriteNumber(id);
        output.Write("\ndata: "u8);
        output.Write(data);
        output.Write("\n\n"u8);
    }

    /// <summary>Writes a comment, which ends with a number.</summary>
    public static void Write(this PipeWriter output, ReadOnlySpan<byte> comment, long number)
    {
        output.Write(comment);
        output.WriteNumber(number);
        output.Write("\n\n"u8);
    }

    private static void WriteNumber(this PipeWriter output, long number)
    {
        Utf8Formatter.TryFormat(number, output.GetSpan(20), out var length);
        output.Advance(length);
    }
}
