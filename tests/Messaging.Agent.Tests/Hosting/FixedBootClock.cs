using Messaging.Agent.Clock;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Hosting;

internal sealed class FixedBootClock : IBootClock
{
    public BootId BootId { get; } = BootId.Generate();

    public ulong UptimeMs { get; set; } = 1000;
}
