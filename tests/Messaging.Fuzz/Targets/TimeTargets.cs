using Messaging.Time;
using Messaging.Wire;

namespace Messaging.Fuzz.Targets;

internal sealed class TimeBeaconTarget : IFuzzTarget
{
    public static string Name => "time-beacon";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (TimeBeacon.TryParse(data, out var beacon))
        {
            Promise.Holds(CoseSign1Reader.TryRead(data, out var message), "A beacon is a COSE_Sign1.");
            Promise.SameBytes(message.Payload, TimeBeacon.Payload(beacon.Content));
            beacon.Verify(Samples.Server.Public);
        }
    }

    public static IEnumerable<byte[]> Seeds() => [TimeBeacon.Sign(Samples.Server, Samples.Beacon).Bytes.ToArray()];
}

internal sealed class TimeRequestTarget : IFuzzTarget
{
    public static string Name => "time-request";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (TimeRequest.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [Samples.TimeRequest.Encode(), (Samples.TimeRequest with { Seen = null }).Encode()];
}
