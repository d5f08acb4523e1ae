namespace Messaging.Agent.Spool;

/// <summary>What <see cref="EntryFile.Open"/> found.</summary>
/// <param name="bytes">The file.</param>
/// <param name="scan">Where its entries are.</param>
/// <param name="isHeaderWhole">The file begins as it should.</param>
internal sealed class EntryFileContent(byte[] bytes, SegmentScan scan, bool isHeaderWhole)
{
    public byte[] Bytes { get; } = bytes;

    public SegmentScan Scan { get; } = scan;

    public bool IsHeaderWhole { get; } = isHeaderWhole;
}
