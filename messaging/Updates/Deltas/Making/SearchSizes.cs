namespace Messaging.Updates.Deltas.Making;

/// <summary>How much of the files is searched at once. Deltas are the same only where these are.</summary>
/// <param name="ViewBytes">Of the old file; a multiple of 1 MiB.</param>
/// <param name="SegmentBytes">Of the new file.</param>
/// <param name="PieceBytes">Of both, to see whether they are the same.</param>
internal sealed record SearchSizes(int ViewBytes, int SegmentBytes, int PieceBytes)
{
    public static SearchSizes Default { get; } = new(128 << 20, 64 << 20, 1 << 20);
}
