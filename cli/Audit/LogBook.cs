using Messaging.Audit;

namespace Messaging.Cli.Audit;

/// <summary>One log while it is verified: its chain, and the hash of each entry for whoever says to have seen it.</summary>
internal sealed class LogBook(ChainId id)
{
    private readonly List<byte[]> _hashes = [];
    private LogVerifier? _verifier;
    private long _first;

    public ChainId Id { get; } = id;

    /// <summary>Verified ones, signed by a server of the roster.</summary>
    public List<LogCheckpoint> Checkpoints { get; } = [];

    /// <summary>What else says which entry has which hash, and who: a machine, a device. An export may end before it.</summary>
    public List<(long Number, byte[] Hash, string Who, bool HasToBeThere)> Seen { get; } = [];

    /// <summary>What is wrong; nothing after it is looked at.</summary>
    public string? Broken { get; private set; }

    public long Through => _verifier?.Head.Number ?? 0;

    public int Count => _hashes.Count;

    public void Add(LoggedEntry entry, byte[] hash)
    {
        if (Broken is not null)
        {
            return;
        }

        if (_verifier is null)
        {
            var anchor = Checkpoints.Find(one => one.Number == entry.Number - 1);
            if (entry.Number != 1 && anchor is null)
            {
                Broken = $"it begins with entry {entry.Number}, and no checkpoint ends before it";
                return;
            }

            _first = entry.Number;
            _verifier = new LogVerifier(Id, anchor is null ? null : new ChainHead(anchor.Number, anchor.Hash));
            foreach (var checkpoint in Checkpoints.Where(one => one.Number >= entry.Number))
            {
                _verifier.Expect(checkpoint.Number, checkpoint.Hash);
            }
        }

        Broken = _verifier.Next(entry, hash);
        if (Broken is null)
        {
            _hashes.Add(hash);
        }
    }

    /// <summary>What is wrong when all entries are there.</summary>
    public IEnumerable<string> End()
    {
        if ((Broken ?? _verifier?.End()) is { } wrong)
        {
            yield return wrong;
        }

        foreach (var (number, hash, who, hasToBeThere) in Seen)
        {
            if (hasToBeThere && number > Through && Broken is null && (_verifier is not null || !Checkpoints.Exists(one => one.Number >= number)))
            {
                yield return $"{who} has seen entry {number}, and it ends with entry {Math.Max(Through, Checkpoints.Select(static one => one.Number).DefaultIfEmpty().Max())}";
            }
            else if (HashOf(number) is { } known && !known.AsSpan().SequenceEqual(hash))
            {
                yield return $"{who} has seen another entry {number}";
            }
        }
    }

    /// <summary>Null where it is no longer kept, and no checkpoint says it.</summary>
    private byte[]? HashOf(long number) => number >= _first && number - _first < _hashes.Count && _first > 0
        ? _hashes[(int)(number - _first)]
        : Checkpoints.Find(one => one.Number == number)?.Hash;
}
