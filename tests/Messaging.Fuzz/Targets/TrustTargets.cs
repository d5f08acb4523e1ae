using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Fuzz.Targets;

internal sealed class CoseSignTarget : IFuzzTarget
{
    public static string Name => "cose-sign";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (CoseSignReader.TryRead(data, out var message))
        {
            Promise.Holds(message.Count is >= 1 and <= CoseSign.MaxSignatures, "A message has 1 to 8 signatures.");
            message.IsSignedBy(Samples.Root.Public, "messaging/1/root"u8);
            CoseSignWriter.TryAdd(data, Samples.Owner, "messaging/1/root"u8, out _);
            Promise.Holds(CoseSignWriter.TryMerge(data, data, out var same), "A message can be merged with itself.");
            Promise.SameBytes(data, same);
        }
    }

    public static IEnumerable<byte[]> Seeds() => [Samples.Trust.Roots[0].Bytes.ToArray(), Samples.Trust.Roots[0].SignToo(Samples.Owner).Bytes.ToArray()];
}

/// <summary>The readers of payloads alone: behind the signatures a mutation would never reach them.</summary>
internal sealed class RootTarget : IFuzzTarget
{
    public static string Name => "root";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (FleetRoot.TryReadPayload(data, out var content))
        {
            Promise.SameBytes(data, FleetRoot.Payload(content));
        }

        FleetRoot.TryRead(data, out _);
    }

    public static IEnumerable<byte[]> Seeds() => [FleetRoot.Payload(Samples.FleetRoot), Samples.Trust.Roots[0].Bytes.ToArray()];
}

internal sealed class RosterTarget : IFuzzTarget
{
    public static string Name => "roster";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (Roster.TryReadPayload(data, out var content))
        {
            Promise.SameBytes(data, Roster.Payload(content));
        }

        Roster.TryRead(data, out _);
    }

    public static IEnumerable<byte[]> Seeds() => [Roster.Payload(Samples.Roster), Samples.Trust.Roster.Bytes.ToArray()];
}

internal sealed class NoticeTarget : IFuzzTarget
{
    public static string Name => "notice";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (ServerNotice.TryReadPayload(data, out var content))
        {
            Promise.SameBytes(data, ServerNotice.Payload(content));
        }

        ServerNotice.TryRead(data, out _);
    }

    public static IEnumerable<byte[]> Seeds() => [ServerNotice.Payload(Samples.Notice), Samples.Trust.Notice.Bytes.ToArray()];
}

internal sealed class TrustTarget : IFuzzTarget
{
    public static string Name => "trust";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (TrustBundle.TryRead(data, out var bundle))
        {
            Promise.SameBytes(data, bundle.Encode());
        }

        if (TrustChange.TryRead(data, out var change))
        {
            Promise.SameBytes(data, change.Encode());
        }

        FleetTrust.Begin(data, Samples.Trust.Roots[0].Fingerprint, out _);
    }

    public static IEnumerable<byte[]> Seeds() => [Samples.Trust.Encode(), new TrustChange(Samples.Trust.Roots, Samples.Trust.Roster).Encode()];
}
