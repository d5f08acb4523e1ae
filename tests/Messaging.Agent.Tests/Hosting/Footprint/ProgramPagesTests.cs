using Messaging.Agent.Hosting.Footprint;
using Xunit;

namespace Messaging.Agent.Tests.Hosting.Footprint;

public sealed class ProgramPagesTests
{
    [Fact]
    public void Release_RunningProgram_UnmapsItsCodeAndRunsOn()
    {
        var released = ProgramPages.Release();

        Assert.InRange(released, 4096, new FileInfo(Environment.ProcessPath!).Length);
        Assert.Equal(released, ProgramPages.Release());
    }
}
