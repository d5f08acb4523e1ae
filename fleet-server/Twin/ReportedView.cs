using Messaging.Twin;

namespace Messaging.FleetServer.Twin;

/// <summary>What a device said last.</summary>
/// <param name="Version">Of the desired state that it keeps.</param>
/// <param name="Current">That is the desired one.</param>
/// <param name="At">When this came.</param>
/// <param name="DeviceTime">When it was said, by the device's clock; null when it did not know the time.</param>
internal sealed record ReportedView(long Version, bool Current, DateTimeOffset At, DateTimeOffset? DeviceTime, IReadOnlyList<PropertyView> Properties)
{
    public static ReportedView Of(TwinReport report, DateTimeOffset at, DesiredState? desired)
    {
        var said = report.UnixMs is { } unixMs ? DateTimeOffset.FromUnixTimeMilliseconds(unixMs) : (DateTimeOffset?)null;
        return new ReportedView(
            (long)report.Version,
            desired is not null && desired.Version == report.Version && desired.Digest().AsSpan().SequenceEqual(report.Digest.Span),
            at,
            said,
            [.. report.Properties.Select(property => PropertyView.Of(property, said ?? at))]);
    }
}
