using Messaging.Wire;

namespace Messaging.Fuzz.Targets;

/// <summary>Reads any item with the strict reader and writes it again.</summary>
internal static class CborCopy
{
    public static void Item(ref CborReader reader, ref CborWriter writer)
    {
        switch (reader.PeekType())
        {
            case CborType.Natural when reader.TryReadUInt64(out var natural):
                writer.WriteUInt64(natural);
                break;
            case CborType.Negative:
                Negative(ref reader, ref writer);
                break;
            case CborType.Bytes when reader.TryReadBytes(out var bytes):
                writer.WriteBytes(bytes);
                break;
            case CborType.Text when reader.TryReadText(out var text, int.MaxValue):
                writer.WriteText(text);
                break;
            case CborType.Boolean when reader.TryReadBoolean(out var boolean):
                writer.WriteBoolean(boolean);
                break;
            case CborType.Null when reader.TryReadNull():
                writer.WriteNull();
                break;
            case CborType.Array when reader.TryReadArrayHead(out var items):
                writer.WriteArrayHead(items);
                for (var i = 0; i < items; i++)
                {
                    Item(ref reader, ref writer);
                }

                break;
            case CborType.Map when reader.TryReadMapHead(out var pairs):
                writer.WriteMapHead(pairs);
                var previous = -1;
                for (var i = 0; i < pairs; i++)
                {
                    Promise.Holds(reader.TryReadMapKey(ref previous, out var key), "A well-formed map has readable keys.");
                    writer.WriteInt64(key);
                    Item(ref reader, ref writer);
                }

                break;
            default:
                throw new BrokenPromiseException("A well-formed item could not be read.");
        }
    }

    private static void Negative(ref CborReader reader, ref CborWriter writer)
    {
        var probe = reader;
        Promise.Holds(reader.TryReadEncoded(out var encoded), "A well-formed item could not be read.");
        if (probe.TryReadInt64(out var value))
        {
            writer.WriteInt64(value);
        }
        else
        {
            // Below -2^63: well-formed, though no field of the profile takes it.
            writer.WriteEncoded(encoded);
        }
    }
}
