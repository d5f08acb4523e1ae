using Messaging.Acks;
using Messaging.FleetServer.Downlinks;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.FleetServer.Ingest;

/// <summary>Sends cumulative acknowledgements: the first at once, then one for each device and interval.</summary>
internal sealed partial class AckSender(IDownlink downlink, IngestOptions options, TimeProvider time, ILogger<AckSender> logger)
    : BackgroundService
{
    private const int DevicesAtOnce = 16;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private Dictionary<PrincipalId, Dictionary<EpochId, EpochAck>> _pending = [];

    /// <summary>Only for what a committed transaction holds.</summary>
    public void Add(PrincipalId device, IEnumerable<EpochAck> acks)
    {
        lock (_lock)
        {
            if (!_pending.TryGetValue(device, out var epochs))
            {
                _pending.Add(device, epochs = []);
            }

            foreach (var ack in acks)
            {
                epochs[ack.EpochId] = ack;
            }

            if (_arrived.CurrentCount == 0)
            {
                _arrived.Release();
            }
        }
    }

    public override void Dispose()
    {
        _arrived.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _arrived.WaitAsync(stoppingToken);
            Dictionary<PrincipalId, Dictionary<EpochId, EpochAck>> due;
            lock (_lock)
            {
                due = _pending;
                _pending = [];
            }

            await Parallel.ForEachAsync(
                due,
                new ParallelOptions { MaxDegreeOfParallelism = DevicesAtOnce, CancellationToken = stoppingToken },
                async (entry, cancellationToken) => await SendAsync(entry.Key, entry.Value.Values, cancellationToken));
            await Task.Delay(options.AckInterval, time, stoppingToken);
        }
    }

    private async Task SendAsync(PrincipalId device, IEnumerable<EpochAck> acks, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var part in acks.Chunk(AckRecord.MaxEpochs))
            {
                // One that is lost is made up for: the device sends again what it holds to be missing, and is answered.
                var record = new AckRecord(time.GetUtcNow().ToUnixTimeMilliseconds(), part).Encode();
                await downlink.SendAsync(device, StreamId.Control, RecordType.Ack, record, cancellationToken);
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, device, error);
        }
    }
}
