using System.Collections.Concurrent;
using Messaging.Crypto;
using Messaging.Epochs;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Trust;
using Messaging.Wire;

namespace Messaging.FleetServer.Downlinks;

/// <inheritdoc cref="IDownlink"/>
internal sealed class DownlinkHub : IDownlink
{
    private static readonly TimeSpan JustHeard = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<PrincipalId, DeviceDownlink> _downlinks = new();
    private readonly IDeviceDirectory _devices;
    private readonly FleetKeys _keys;
    private readonly ITrustService _trust;
    private readonly EpochNumbers _numbers;
    private readonly IRelayPublisher _relay;
    private readonly TimeProvider _time;

    public DownlinkHub(
        IDeviceDirectory devices, FleetKeys keys, ITrustService trust, EpochNumbers numbers, IRelayPublisher relay, TimeProvider time)
    {
        _devices = devices;
        _keys = keys;
        _trust = trust;
        _numbers = numbers;
        _relay = relay;
        _time = time;
        devices.Subscribe(OnChanged);
    }

    public Task<PublishResult> SendAsync(
        PrincipalId device, uint streamId, uint recordType, ReadOnlyMemory<byte> plaintext, CancellationToken cancellationToken) =>
        // Nothing is sealed for a device that is known to be away. Before the relay has said again who is there, whoever was heard of is.
        _devices.Presence(device) is { } presence && (presence.Connected || _time.GetUtcNow() - presence.LastAuthenticated < JustHeard)
            ? Of(device).SendAsync(streamId, recordType, plaintext, cancellationToken)
            : Task.FromResult(PublishResult.NobodyThere);

    public void Renew(PrincipalId device)
    {
        if (_downlinks.TryGetValue(device, out var downlink))
        {
            downlink.Renew();
        }
    }

    public Task RepeatOpeningAsync(PrincipalId device, Kid kid, CancellationToken cancellationToken) =>
        Of(device).RepeatOpeningAsync(kid, cancellationToken);

    private DeviceDownlink Of(PrincipalId device) =>
        _downlinks.GetOrAdd(device, id => new DeviceDownlink(id, () => Open(id), _relay, _time));

    private EpochSender? Open(PrincipalId id) =>
        _devices.Get(id) is { Status: DeviceStatus.Active } device && HpkePublicKey.TryImport(device.HpkePoint, out var recipient)
            ? EpochSender.Open(_keys.Server, _keys.ServerId, _numbers.Next(_trust.NoticeNumber), [recipient])
            : null;

    private void OnChanged(DeviceChange change)
    {
        if (change.Revoked || change.HpkeKeyChanged)
        {
            Renew(PrincipalId.Parse(change.Device.Id));
        }
    }
}
