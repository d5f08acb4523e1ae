using Messaging.Agent.Hosting.Footprint;
using Xunit;

namespace Messaging.Agent.Tests.Hosting.Footprint;

public sealed class HugePagesTests
{
    [Fact]
    public void Refuse_OfLinux_IsWhatTheKernelThenSays()
    {
        Assert.SkipUnless(Directory.Exists("/sys/kernel/mm/transparent_hugepage"), "a kernel without huge pages");

        Assert.True(HugePages.Refuse());

        Assert.Contains("THP_enabled:\t0", File.ReadAllLines("/proc/self/status"));
    }
}
