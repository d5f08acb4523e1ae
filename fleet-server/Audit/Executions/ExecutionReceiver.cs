using Messaging.Audit;
using Messaging.Enrolment;
using Messaging.FleetServer.Audit.Checkpoints;
using Messaging.FleetServer.Audit.Findings;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Downlinks;
using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Storage;
using Messaging.Streams;
using Messaging.Wire;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Audit.Executions;

/// <summary>
/// Takes devices' records of what they did with commands: stored before they count as received, so that one can come twice and changes nothing the
/// second time, and compared with the log at once.
/// </summary>
internal sealed class ExecutionReceiver(
    IDbContextFactory<FleetDbContext> factory, IDeviceDirectory devices, CommandLedger ledger, WitnessCheck witnesses, FindingBook findings, AuditKeeper keeper, IDownlink downlink)
{
    public async Task<string?> TakeAsync(OpenedRecord record, IngestGroup group, CancellationToken cancellationToken)
    {
        if (!ExecutionBatch.TryRead(record.Plaintext, out var batch))
        {
            return RejectionReason.Undecodable;
        }

        if (batch.Device != record.Device || devices.Get(record.Device) is not { } device || SignerOf(device, batch) is not { } signer)
        {
            return RejectionReason.ExecutionsNotSigned;
        }

        await StoreAsync(device, batch, signer, record.ReceivedAt, cancellationToken);
        foreach (var witnessed in batch.Witnessed)
        {
            await witnesses.CheckAsync(device.Id, witnessed, cancellationToken);
        }

        Give(record.Device, group);
        return null;
    }

    /// <summary>The device gets the newest checkpoint, to hold it against whatever the server says later.</summary>
    public void Give(PrincipalId device, IngestGroup group) => group.Answers.Add(async cancellation =>
    {
        if (await keeper.CurrentAsync(cancellation) is { } checkpoint)
        {
            await downlink.SendAsync(device, StreamId.Control, RecordType.AuditCheckpoint, checkpoint.Bytes, cancellation);
        }
    });

    /// <summary>A device that has changed its identity key has proved so that both keys are its own. The same again changes nothing.</summary>
    public async Task KeepKeysAsync(Device device, byte[] update, CancellationToken cancellationToken)
    {
        var id = PrincipalId.Parse(device.Id);
        var signer = device.IdentityPoints().FirstOrDefault(point =>
            IdentityPublicKey.TryImport(point, out var key) && KeyUpdate.TryVerify(update, key, id, out var read) && read.Identity is not null);
        if (signer is null)
        {
            return;
        }

        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        if (!await db.Set<DeviceKeyRow>().AnyAsync(row => row.DeviceId == device.Id && row.Bytes == update, cancellationToken))
        {
            db.Add(new DeviceKeyRow { DeviceId = device.Id, KeyPoint = signer, Bytes = update });
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>The key of the device that has signed the batch: what waited in its spool may be of a key before.</summary>
    private static byte[]? SignerOf(Device device, ExecutionBatch batch) =>
        device.IdentityPoints().FirstOrDefault(point => IdentityPublicKey.TryImport(point, out var key) && batch.IsSignedBy(key));

    private async Task StoreAsync(Device device, ExecutionBatch batch, byte[] signer, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        var chain = batch.Chain.ToString();
        var hashes = batch.Hashes();
        var added = new List<ExecutionRow>();
        var forkedAt = 0L;
        await using (var db = await factory.CreateDbContextAsync(cancellationToken))
        {
            var known = (await db.Set<ExecutionRow>().AsNoTracking()
                .Where(row => row.DeviceId == device.Id && row.ChainId == chain && row.Number >= batch.First - 1 && row.Number <= batch.Last)
                .ToListAsync(cancellationToken)).ToLookup(row => row.Number);
            if (known[batch.First - 1].Any() && !known[batch.First - 1].Any(row => row.Hash.AsSpan().SequenceEqual(batch.Previous)))
            {
                forkedAt = batch.First - 1;
            }

            for (var i = 0; i < hashes.Length; i++)
            {
                var number = batch.First + i;
                if (known[number].Any(row => row.Hash.AsSpan().SequenceEqual(hashes[i])))
                {
                    continue;
                }

                if (known[number].Any() && forkedAt == 0)
                {
                    forkedAt = number;
                }

                added.Add(Row(device.Id, chain, number, i == 0 ? batch.Previous : hashes[i - 1], hashes[i], batch.Entries[i], receivedAt));
            }

            var isNew = !await db.Set<ExecutionRow>().AnyAsync(row => row.DeviceId == device.Id && row.ChainId == chain, cancellationToken);
            var other = isNew
                ? await db.Set<ExecutionRow>().Where(row => row.DeviceId == device.Id).OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken)
                : null;
            db.Add(new ExecutionBatchRow { DeviceId = device.Id, KeyPoint = signer, ReceivedAt = receivedAt, Bytes = batch.Bytes.ToArray() });
            db.AddRange(added);
            if (batch.Witnessed.Count > 0)
            {
                await WitnessAsync(db, device.Id, batch.Witnessed[0], receivedAt, cancellationToken);
            }

            await db.SaveChangesAsync(cancellationToken);
            if (other is not null && added.Count > 0)
            {
                await findings.AddAsync(
                    FindingKind.RecordRestarted, device.Id, chain,
                    $"The record {other.ChainId} went to entry {other.Number} at least; the record {chain} goes on in its place.", cancellationToken);
            }
        }

        if (forkedAt > 0)
        {
            await findings.AddAsync(
                FindingKind.RecordForked, device.Id, $"{chain}/{forkedAt}",
                $"There are two records {chain} with different entries {forkedAt}: the last one came at {receivedAt:yyyy-MM-dd HH:mm:ss}Z.", cancellationToken);
        }

        foreach (var row in added)
        {
            await CompareAsync(row, cancellationToken);
        }
    }

    private async Task CompareAsync(ExecutionRow row, CancellationToken cancellationToken)
    {
        var known = await ledger.DigestAsync(row.DeviceId, row.CommandId, cancellationToken);
        if (known is null)
        {
            await findings.AddAsync(
                FindingKind.CommandUnknown, row.DeviceId, row.CommandId,
                $"{row.Type}, signed by {row.Issuer}: {row.State.ToString().ToLowerInvariant()} on the device (entry {row.Number} of its record), and not in the log.", cancellationToken);
        }
        else if (known != Convert.ToHexStringLower(row.Digest))
        {
            await findings.AddAsync(
                FindingKind.CommandDiffers, row.DeviceId, row.CommandId,
                $"The device recorded {row.Type}, signed by {row.Issuer}, with the digest {Convert.ToHexStringLower(row.Digest)}; the log has {known}.", cancellationToken);
        }
    }

    private static async Task WitnessAsync(FleetDbContext db, string deviceId, Witnessed witnessed, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        if (await db.Set<WitnessRow>().SingleOrDefaultAsync(row => row.DeviceId == deviceId, cancellationToken) is { } row)
        {
            (row.LogId, row.Number, row.Hash, row.ReceivedAt) = (witnessed.LogId.ToString(), witnessed.Number, witnessed.Hash, receivedAt);
        }
        else
        {
            db.Add(new WitnessRow
            {
                DeviceId = deviceId,
                LogId = witnessed.LogId.ToString(),
                Number = witnessed.Number,
                Hash = witnessed.Hash,
                ReceivedAt = receivedAt,
            });
        }
    }

    private static ExecutionRow Row(string deviceId, string chain, long number, byte[] previous, byte[] hash, Execution entry, DateTimeOffset receivedAt) => new()
    {
        DeviceId = deviceId,
        ChainId = chain,
        Number = number,
        Previous = previous,
        Hash = hash,
        CommandId = entry.CommandId.ToString(),
        Digest = entry.Digest,
        Issuer = entry.Issuer.ToString(),
        Type = entry.Type,
        State = entry.State,
        Time = entry.UnixMs is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
        ReceivedAt = receivedAt,
    };
}
