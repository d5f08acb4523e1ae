using Messaging.Audit;
using Messaging.Wire;

namespace Messaging.Fuzz.Targets;

internal sealed class LogCheckpointTarget : IFuzzTarget
{
    public static string Name => "audit-checkpoint";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (LogCheckpoint.TryRead(data, out var one))
        {
            Promise.Holds(CoseSign1Reader.TryRead(data, out var message), "A checkpoint is a COSE_Sign1.");
            Promise.SameBytes(message.Payload, LogCheckpoint.Payload(one.Server, one.LogId, one.Number, one.Hash, one.UnixMs));
            one.IsSignedBy(Samples.Server.Public);
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
        [LogCheckpoint.Sign(Samples.Server, Samples.DeviceId, Samples.Chain, 2, Samples.LoggedEntry.Hash(), 1_795_000_000_000).Bytes.ToArray()];
}

internal sealed class ExecutionBatchTarget : IFuzzTarget
{
    public static string Name => "executions";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (ExecutionBatch.TryRead(data, out var batch))
        {
            Promise.Holds(CoseSign1Reader.TryRead(data, out var message), "A batch is a COSE_Sign1.");
            Promise.SameBytes(message.Payload, batch.Payload());
            Promise.Holds(batch.Hashes().Length == batch.Entries.Count, "Each entry has a hash.");
            batch.IsSignedBy(Samples.Server.Public);
        }
    }

    public static IEnumerable<byte[]> Seeds() => [Samples.Executions.Sign(Samples.Server)];
}
