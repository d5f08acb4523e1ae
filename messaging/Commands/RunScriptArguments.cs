using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>The arguments of "run-script": [name, [argument...]].</summary>
/// <param name="Name">The script's name in the device's list, at most 128 bytes.</param>
/// <param name="Arguments">Its arguments: at most 64, of at most 4,096 bytes.</param>
public sealed record RunScriptArguments(string Name, IReadOnlyList<string> Arguments)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (script, ref writer) =>
    {
        writer.WriteArrayHead(2);
        writer.WriteText(script.Name, 128);
        TextList.Write(ref writer, script.Arguments, 64, 4096);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out RunScriptArguments? arguments)
    {
        arguments = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(2)
            || !reader.TryReadText(out var name, 128)
            || !TextList.TryRead(ref reader, 64, 4096, out var list)
            || !reader.AtEnd)
        {
            return false;
        }

        arguments = new RunScriptArguments(name, list);
        return true;
    }
}
