using Messaging.Updates.Deltas.Coding;

namespace Messaging.Updates.Deltas.Making;

/// <summary>Parts of the old file in memory, one behind the other, and their index.</summary>
internal sealed class OldView
{
    private readonly IReadOnlyList<OldExtent> _extents;

    public OldView(IOldFile old, IReadOnlyList<OldExtent> extents, CancellationToken stop)
    {
        _extents = extents;
        Length = extents.Count == 0 ? 0 : extents[^1].View + extents[^1].Length;
        Bytes = new byte[Length];
        foreach (var extent in extents)
        {
            old.Read(extent.From, Bytes.AsSpan(extent.View, extent.Length));
        }

        Index = new SuffixIndex(Bytes, Length, stop);
    }

    public byte[] Bytes { get; }

    public int Length { get; }

    public SuffixIndex Index { get; }

    /// <summary>Adds a copy from the view as copies from the file: one for each part that it touches.</summary>
    public void AddCopies(List<DeltaStep> steps, int place, int length)
    {
        foreach (var extent in _extents)
        {
            var from = Math.Max(place, extent.View);
            var end = Math.Min(place + length, extent.View + extent.Length);
            if (from < end)
            {
                steps.Add(new DeltaStep(true, extent.From + (from - extent.View), end - from));
            }
        }
    }
}
