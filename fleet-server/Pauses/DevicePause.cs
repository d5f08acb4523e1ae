using Messaging.Streams;

namespace Messaging.FleetServer.Pauses;

/// <summary>Until when a device is to keep its metrics and logs back, and why.</summary>
internal readonly record struct DevicePause(DateTimeOffset Until, PauseCause Cause);
