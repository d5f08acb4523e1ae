using Messaging.Wire;

namespace Messaging.Audit;

/// <summary>
/// Follows one log of a server, entry by entry: each must have the next number, the hash of the one before, and the hash that is said of it.
/// Checkpoints are held against it when their entry comes by. Never throws for what it is given.
/// </summary>
public sealed class LogVerifier
{
    private readonly ChainId _log;
    private readonly Dictionary<long, List<byte[]>> _expected = [];
    private ChainHead? _head;

    /// <param name="log">The log.</param>
    /// <param name="anchor">
    /// A verified checkpoint's number and hash where older entries are no longer kept; null when the log must begin with its first entry.
    /// </param>
    public LogVerifier(ChainId log, ChainHead? anchor)
    {
        _log = log;
        _head = anchor;
        IsAnchored = anchor is not null;
    }

    /// <summary>True when the log's beginning is no longer kept.</summary>
    public bool IsAnchored { get; }

    /// <summary>The last entry that was verified.</summary>
    public ChainHead Head => _head ?? ChainHead.Start;

    /// <summary>The lowest and highest number of a checkpoint that was not met yet; null: none.</summary>
    public long? HighestExpected => _expected.Count == 0 ? null : _expected.Keys.Max();

    /// <summary>An entry of this number must have this hash: a checkpoint says so, or a witness.</summary>
    /// <returns>False when that is refuted by what was verified last already.</returns>
    public bool Expect(long number, byte[] hash)
    {
        if (number == Head.Number)
        {
            return Head.Hash.AsSpan().SequenceEqual(hash);
        }

        if (number > Head.Number)
        {
            if (!_expected.TryGetValue(number, out var hashes))
            {
                _expected.Add(number, hashes = []);
            }

            hashes.Add(hash);
        }

        return true;
    }

    /// <summary>The next entry.</summary>
    /// <param name="entry">As it is kept.</param>
    /// <param name="hash">The hash that is kept beside it.</param>
    /// <returns>Null, or what is wrong with it, for people.</returns>
    public string? Next(LoggedEntry entry, ReadOnlySpan<byte> hash)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.LogId != _log)
        {
            return $"entry {entry.Number} says that it is of the log {entry.LogId}";
        }

        if (entry.Number != Head.Number + 1)
        {
            return entry.Number > Head.Number + 1
                ? $"entries {Head.Number + 1} to {entry.Number - 1} are missing"
                : $"entry {entry.Number} comes after entry {Head.Number}";
        }

        if (!entry.Previous.AsSpan().SequenceEqual(Head.Hash))
        {
            return $"entry {entry.Number} does not follow the one before it: one of the two was changed";
        }

        if (Computed(entry) is not { } computed || !hash.SequenceEqual(computed))
        {
            return $"entry {entry.Number} is not what was written: its hash is another";
        }

        if (_expected.Remove(entry.Number, out var expected) && expected.Exists(one => !one.AsSpan().SequenceEqual(computed)))
        {
            return $"entry {entry.Number} is not the one that a checkpoint was signed for";
        }

        _head = new ChainHead(entry.Number, computed);
        return null;
    }

    /// <summary>After the last entry.</summary>
    /// <returns>Null, or what is missing, for people.</returns>
    public string? End() => HighestExpected is { } highest
        ? $"the log ends with entry {Head.Number}, and a checkpoint was signed for entry {highest}"
        : null;

    private static byte[]? Computed(LoggedEntry entry)
    {
        try
        {
            return entry.Hash();
        }
        catch (ArgumentException)
        {
            // Nothing that can be written: it was not.
            return null;
        }
    }
}
