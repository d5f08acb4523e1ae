using System.Buffers;
using Messaging.Acks;
using Messaging.Crypto;
using Messaging.Epochs;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.EvilRelay.Harness;

/// <summary>Somebody with a key of no fleet, who knows all that is public: the device's encryption key, too.</summary>
internal sealed class Stranger : IDisposable
{
    private readonly EvilFleet _fleet;
    private readonly IdentityKey _key = IdentityKey.Generate();
    private readonly EpochSender _epoch;

    public Stranger(EvilFleet fleet)
    {
        _fleet = fleet;
        _epoch = Open(PrincipalId.FromIdentityKey(_key.Public));
    }

    public byte[] Opening => _epoch.OpenFrame.ToArray();

    /// <summary>An epoch that somebody else is to have opened.</summary>
    public byte[] OpeningInTheNameOf(PrincipalId other)
    {
        using var epoch = Open(other);
        return epoch.OpenFrame.ToArray();
    }

    /// <summary>All that the device has spooled is to be stored.</summary>
    public byte[] Ack()
    {
        Assert.True(EpochHeader.TryRead(
            _fleet.Device.NewestOpening(_fleet.Fleet.ControlData), _fleet.Device.Identity, _fleet.DeviceId, out var header, out _));
        EpochAck all = new(header.EpochId, [new StreamSeq(StreamId.Metrics, 1_000_000), new StreamSeq(StreamId.Logs, 1_000_000), new StreamSeq(StreamId.Events, 1_000_000)]);
        var frame = new ArrayBufferWriter<byte>();
        _epoch.Seal(StreamId.Control, RecordType.Ack, new AckRecord(Owner.Now, [all]).Encode(), frame, out _);
        return frame.WrittenSpan.ToArray();
    }

    public void Dispose()
    {
        _epoch.Dispose();
        _key.Dispose();
    }

    private EpochSender Open(PrincipalId self) => EpochSender.Open(
        _key, self, new EpochParameters(long.MaxValue, BootId.Generate(), 1, Owner.Now, 1), [_fleet.Device.Hpke]);
}
