using Messaging.FleetServer.Clocks;

namespace Messaging.FleetServer.Events;

/// <param name="Time">Unix milliseconds.</param>
internal readonly record struct StoredPoint(long Time, double Value, TimeQuality Quality = TimeQuality.Exact);
