using System.Buffers;

namespace Messaging.Fuzz.Targets;

/// <summary>Batches without compression: mutations reach the columns, where they would only break the DEFLATE stream.</summary>
internal static class Plain
{
    public static byte[] Of(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write<byte>([0]);
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
