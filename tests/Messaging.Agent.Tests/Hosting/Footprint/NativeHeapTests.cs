using System.Runtime.InteropServices;
using Messaging.Agent.Hosting.Footprint;
using Xunit;

namespace Messaging.Agent.Tests.Hosting.Footprint;

public sealed class NativeHeapTests
{
    [Fact]
    public void Limit_GnuCLibrary_TakesEveryLimit()
    {
        Assert.SkipUnless(NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "mallopt", out _), "another C library");

        Assert.True(NativeHeap.Limit());
        NativeHeap.Trim();
    }
}
