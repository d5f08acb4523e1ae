namespace Messaging.FleetServer.Clocks;

/// <summary>How rows of a boot get their time.</summary>
internal abstract record Placing
{
    private Placing()
    {
    }

    /// <summary>Not yet.</summary>
    internal sealed record Waiting : Placing;

    /// <summary>By the anchors of the boot.</summary>
    internal sealed record ByAnchors : Placing;

    /// <summary>By the fastest of the records, of which this is made an anchor.</summary>
    internal sealed record ByReceipt(Anchor Anchor) : Placing;

    /// <summary>By an estimate: the one that stands, or these new ones.</summary>
    /// <param name="Starts">When boots are held to have begun, by the id of the boot; Unix milliseconds.</param>
    internal sealed record ByEstimate(IReadOnlyList<(long Boot, long Start)> Starts) : Placing;
}
