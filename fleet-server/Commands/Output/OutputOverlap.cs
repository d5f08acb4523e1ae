namespace Messaging.FleetServer.Commands.Output;

/// <summary>What of a piece is new where others are stored already (section 24 of the protocol).</summary>
internal static class OutputOverlap
{
    /// <param name="piece">What came.</param>
    /// <param name="there">What it overlaps, in order and without overlaps of their own.</param>
    /// <returns>Pieces of it, in order, that overlap nothing; nothing behind the end that is known already.</returns>
    public static IReadOnlyList<OutputRow> Missing(OutputRow piece, IReadOnlyList<OutputSpan> there)
    {
        var missing = new List<OutputRow>();
        var at = piece.Start;
        var end = piece.Start + piece.Bytes.Length;
        foreach (var span in there)
        {
            Add(at, Math.Min(span.Start, end));
            at = Math.Max(at, span.End);
            if (span.IsLast)
            {
                return missing;
            }
        }

        Add(at, end);
        if (piece.Written is not null)
        {
            var last = missing.Count > 0 && missing[^1].Start + missing[^1].Bytes.Length == end ? missing.Count - 1 : -1;
            if (last >= 0)
            {
                missing[last] = missing[last] with { Written = piece.Written };
            }
            else
            {
                missing.Add(piece with { Start = end, Bytes = [] });
            }
        }

        return missing;

        void Add(int from, int to)
        {
            if (to > from)
            {
                missing.Add(piece with { Start = from, Bytes = piece.Bytes[(from - piece.Start)..(to - piece.Start)], Written = null });
            }
        }
    }
}
