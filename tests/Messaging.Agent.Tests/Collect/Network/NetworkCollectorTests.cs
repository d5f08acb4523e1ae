using Messaging.Agent.Collect.Network;

namespace Messaging.Agent.Tests.Collect.Network;

public sealed class NetworkCollectorTests
{
    [Fact]
    public async Task Collect_Interfaces_GivesEachDirectionWithoutLoopbackAndIdleOnes()
    {
        using var kernel = new KernelFolder().Proc("net/dev", """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0          0
              sit0:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
              eth0:5000 50 1 2 0 0 0 0 7000 70 3 4 0 0 0 0
            wlan0.1: 10 1 0 0 0 0 0 0 20 2 0 0 0 0 0 0
            """);

        var samples = await RecordedSamples.Of(new NetworkCollector(kernel.Root));

        Assert.Equal(5000, samples["system.network.io{network.interface.name=eth0,network.io.direction=receive}"]);
        Assert.Equal(7000, samples["system.network.io{network.interface.name=eth0,network.io.direction=transmit}"]);
        Assert.Equal(50, samples["system.network.packet.count{system.device=eth0,network.io.direction=receive}"]);
        Assert.Equal(70, samples["system.network.packet.count{system.device=eth0,network.io.direction=transmit}"]);
        Assert.Equal(1, samples["system.network.errors{network.interface.name=eth0,network.io.direction=receive}"]);
        Assert.Equal(3, samples["system.network.errors{network.interface.name=eth0,network.io.direction=transmit}"]);
        Assert.Equal(2, samples["system.network.packet.dropped{network.interface.name=eth0,network.io.direction=receive}"]);
        Assert.Equal(4, samples["system.network.packet.dropped{network.interface.name=eth0,network.io.direction=transmit}"]);
        Assert.Equal(20, samples["system.network.io{network.interface.name=wlan0.1,network.io.direction=transmit}"]);
        Assert.Equal(16, samples.Values.Count);
    }
}
