using System.Buffers;
using Messaging.Crypto;
using Messaging.Epochs;
using Messaging.FleetServer.Relaying;
using Messaging.Wire;

namespace Messaging.FleetServer.Downlinks;

/// <summary>The downlink of one device: its epoch, and one record after the other.</summary>
/// <param name="device">The device.</param>
/// <param name="open">Opens a new epoch for the device's current key; null when it may not be spoken to.</param>
internal sealed class DeviceDownlink(PrincipalId device, Func<EpochSender?> open, IRelayPublisher relay, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LongestEpoch = TimeSpan.FromHours(24);
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ArrayBufferWriter<byte> _frame = new();
    private readonly string _topic = Topics.Down(device);
    private EpochSender? _epoch;
    private long _openedAt;
    private long? _repeatedAt;
    private bool _announced;
    private volatile bool _renew;

    public void Renew() => _renew = true;

    public async Task<PublishResult> SendAsync(
        uint streamId, uint recordType, ReadOnlyMemory<byte> plaintext, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (Current() is not { } epoch)
            {
                return PublishResult.NobodyThere;
            }

            var announced = await AnnounceAsync(epoch, cancellationToken);
            if (announced != PublishResult.Passed)
            {
                return announced;
            }

            _frame.ResetWrittenCount();
            epoch.Seal(streamId, recordType, plaintext.Span, _frame, out _);
            return await relay.PublishAsync(_topic, _frame.WrittenMemory, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task RepeatOpeningAsync(Kid kid, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // A stranger's kid is of a former process of ours: a new record will bring the current epoch.
            var tooSoon = _repeatedAt is { } at && time.GetElapsedTime(at) < RepeatInterval;
            if (tooSoon || Current() is not { } epoch)
            {
                return;
            }

            _repeatedAt = time.GetTimestamp();
            _announced &= epoch.Id.Kid != kid;
            await AnnounceAsync(epoch, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _epoch?.Dispose();

    private async Task<PublishResult> AnnounceAsync(EpochSender epoch, CancellationToken cancellationToken)
    {
        if (_announced)
        {
            return PublishResult.Passed;
        }

        var result = await relay.PublishAsync(_topic, epoch.OpenFrame, cancellationToken);
        _announced = result == PublishResult.Passed;
        return result;
    }

    private EpochSender? Current()
    {
        if (_epoch is not null && !_renew && time.GetElapsedTime(_openedAt) < LongestEpoch)
        {
            return _epoch;
        }

        _renew = false;
        _epoch?.Dispose();
        _epoch = open();
        _openedAt = time.GetTimestamp();
        _announced = false;
        return _epoch;
    }
}
