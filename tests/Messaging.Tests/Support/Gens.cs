using CsCheck;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Tests.Support;

/// <summary>Generators of values that can stand in messages.</summary>
internal static class Gens
{
    public const long MaxUnixMs = 253_402_300_799_999;

    public static readonly Gen<PrincipalId> Principal = Gen.Byte.Array[16].Select(static bytes => PrincipalId.TryRead(bytes, out var id) ? id : default);

    public static readonly Gen<EpochId> Epoch = Gen.Byte.Array[16].Select(static bytes => EpochId.TryRead(bytes, out var id) ? id : default);

    public static readonly Gen<BootId> Boot = Gen.Byte.Array[16].Select(static bytes => BootId.TryRead(bytes, out var id) ? id : default);

    public static readonly Gen<CommandId> Command = Gen.Byte.Array[16].Select(static bytes => CommandId.TryRead(bytes, out var id) ? id : default);

    public static readonly Gen<long> UnixMs = Gen.Frequency((3, Gen.Long[1_700_000_000_000, 1_900_000_000_000]), (1, Gen.Long[0, MaxUnixMs]));

    public static readonly Gen<long?> UnixMsOrNull = Gen.Frequency((3, UnixMs.Select(static value => (long?)value)), (1, Gen.Const((long?)null)));

    public static readonly Gen<string> Text = Gen.OneOf(
        Gen.Char['a', 'z'].Array[0, 20].Select(static chars => new string(chars)),
        Gen.OneOf("", "ü", "✓ ok", "😀", "a\0b", "line\nline", "\"quoted\""));

    public static readonly Gen<KeyValuePair<string, string>[]> Pairs =
        Gen.Select(Text, Text).Select(static (key, value) => new KeyValuePair<string, string>(key, value)).Array[0, 5];

    public static readonly Gen<StreamSeq[]> StreamSeqs =
        Gen.Select(Gen.UInt[0, WireLimits.MaxStreamId].HashSet[0, 6], Gen.ULong[0, WireLimits.MaxSeq].Array[6])
            .Select(static (streams, seqs) => streams.Order().Zip(seqs, static (stream, seq) => new StreamSeq(stream, seq)).ToArray());
}
