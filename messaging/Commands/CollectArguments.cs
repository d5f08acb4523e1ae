using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>The arguments of "collect": [[collector...]].</summary>
/// <param name="Collectors">Names of at most 64 bytes; none means all.</param>
public sealed record CollectArguments(IReadOnlyList<string> Collectors)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(Collectors, static (collectors, ref writer) =>
    {
        writer.WriteArrayHead(1);
        TextList.Write(ref writer, collectors, 64, 64);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out CollectArguments? arguments)
    {
        arguments = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(1) || !TextList.TryRead(ref reader, 64, 64, out var collectors) || !reader.AtEnd)
        {
            return false;
        }

        arguments = new CollectArguments(collectors);
        return true;
    }
}
