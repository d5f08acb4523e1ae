using Messaging.Audit;
using Messaging.Enrolment;
using Messaging.Wire;

namespace Messaging.Cli.Audit;

/// <summary>One device's record while it is verified. The device's id is the hash of its first key, and each key after it is signed by the one before: the server's word is not needed.</summary>
internal sealed class DeviceBook(PrincipalId id)
{
    private readonly List<(IdentityPublicKey From, byte[] Update)> _updates = [];
    private readonly Dictionary<ChainId, SortedDictionary<long, byte[]>> _chains = [];

    public PrincipalId Id { get; } = id;

    /// <summary>The states of each command in the order of the record, with its digest.</summary>
    public Dictionary<CommandId, List<(long Number, Execution Entry)>> Commands { get; } = [];

    /// <summary>All that it has ever signed to have seen, the newest last.</summary>
    public List<Witnessed> Witnessed { get; } = [];

    public long Count { get; private set; }

    public void AddKey(IdentityPublicKey from, byte[] update) => _updates.Add((from, update));

    /// <summary>Null, or what is wrong with it.</summary>
    public AuditFinding? Add(ExecutionBatch batch, IdentityPublicKey signer)
    {
        if (batch.Device != Id || !batch.IsSignedBy(signer) || !IsOurs(signer))
        {
            return new AuditFinding("unverifiable", Id.ToString(), $"{batch.Chain}/{batch.First}", $"entries {batch.First} to {batch.Last} of a record are not signed by the device");
        }

        Witnessed.AddRange(batch.Witnessed.Reverse().Where(one => !Witnessed.Exists(known => known.LogId == one.LogId && known.Number == one.Number && known.Hash.AsSpan().SequenceEqual(one.Hash))));
        if (!_chains.TryGetValue(batch.Chain, out var chain))
        {
            _chains.Add(batch.Chain, chain = []);
        }

        var hashes = batch.Hashes();
        var fork = chain.TryGetValue(batch.First - 1, out var before) && !before.AsSpan().SequenceEqual(batch.Previous) ? batch.First - 1 : 0;
        for (var i = 0; i < hashes.Length; i++)
        {
            var number = batch.First + i;
            if (chain.TryAdd(number, hashes[i]))
            {
                Note(number, batch.Entries[i]);
            }
            else if (!chain[number].AsSpan().SequenceEqual(hashes[i]))
            {
                fork = fork == 0 ? number : fork;

                // Both branches count: what either ran was run.
                Note(number, batch.Entries[i]);
            }
        }

        return fork == 0 ? null : new AuditFinding(
            "record-forked", Id.ToString(), $"{batch.Chain}/{fork}", $"there are two records {batch.Chain} with different entries {fork}: two devices have these keys, or one was set back");
    }

    public IEnumerable<AuditFinding> End()
    {
        foreach (var (id, chain) in _chains)
        {
            // What is older may have been deleted by age; a hole between two entries was not.
            long? last = null;
            foreach (var number in chain.Keys)
            {
                if (last is { } one && number != one + 1)
                {
                    yield return new AuditFinding("record-gap", Id.ToString(), $"{id}/{one + 1}-{number - 1}", $"entries {one + 1} to {number - 1} of the record {id} are missing");
                }

                last = number;
            }
        }
    }

    private void Note(long number, Execution entry)
    {
        Count++;
        if (!Commands.TryGetValue(entry.CommandId, out var entries))
        {
            Commands.Add(entry.CommandId, entries = []);
        }

        entries.Add((number, entry));
    }

    private bool IsOurs(IdentityPublicKey key) => IsOurs(key, depth: 0);

    private bool IsOurs(IdentityPublicKey key, int depth) => PrincipalId.FromIdentityKey(key) == Id
        || (depth < _updates.Count && _updates.Exists(one =>
            KeyUpdate.TryVerify(one.Update, one.From, Id, out var update) && update.Identity is { } next && next.Point.SequenceEqual(key.Point) && IsOurs(one.From, depth + 1)));
}
