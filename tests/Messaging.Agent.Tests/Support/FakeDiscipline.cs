using Messaging.Agent.Clock;

namespace Messaging.Agent.Tests.Support;

internal sealed class FakeDiscipline : IClockDiscipline
{
    public bool IsSynchronised { get; set; } = true;
}
