using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>The arguments of "cancel": [cmdId].</summary>
public static class CancelArguments
{
    /// <summary>The wire form.</summary>
    /// <param name="command">The command that is not to be started, or to be stopped.</param>
    public static byte[] Encode(CommandId command) => MessageBuffer.Write(command, static (id, ref writer) =>
    {
        writer.WriteArrayHead(1);
        writer.WriteCommandId(id);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, out CommandId command)
    {
        command = default;
        var reader = new CborReader(data);
        return reader.TryReadArray(1) && reader.TryReadCommandId(out command) && reader.AtEnd;
    }
}
