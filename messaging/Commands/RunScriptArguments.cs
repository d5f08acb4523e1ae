using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>The arguments of "run-script": [name, [argument...], limits].</summary>
/// <param name="Name">The script's name in the device's list, at most 128 bytes.</param>
/// <param name="Arguments">Its arguments: at most 64, of at most 4,096 bytes.</param>
/// <param name="Limits">How much it may take; null: what the device allows.</param>
public sealed record RunScriptArguments(string Name, IReadOnlyList<string> Arguments, RunLimits? Limits = null)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (script, ref writer) =>
    {
        writer.WriteArrayHead(3);
        writer.WriteText(script.Name, 128);
        TextList.Write(ref writer, script.Arguments, 64, 4096);
        (script.Limits ?? RunLimits.None).Write(ref writer);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out RunScriptArguments? arguments)
    {
        arguments = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(3)
            || !reader.TryReadText(out var name, 128)
            || !TextList.TryRead(ref reader, 64, 4096, out var list)
            || !RunLimits.TryRead(ref reader, out var limits)
            || !reader.AtEnd)
        {
            return false;
        }

        arguments = new RunScriptArguments(name, list, limits);
        return true;
    }
}
