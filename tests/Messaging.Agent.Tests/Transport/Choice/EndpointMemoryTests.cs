using Messaging.Agent.Disk;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Transport.Choice;

namespace Messaging.Agent.Tests.Transport.Choice;

public sealed class EndpointMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private EndpointMemory Memory => new(PhysicalDisk.Instance, Path.Combine(_folder.Path, "endpoint"));

    [Fact]
    public void Address_IsThereAfterARestart()
    {
        Assert.Null(Memory.Load());

        Memory.Save("wss://relay.example/mqtt");

        Assert.Equal("wss://relay.example/mqtt", Memory.Load());
    }

    [Fact]
    public void File_ThatIsNoAddress_DoesNoHarm()
    {
        File.WriteAllBytes(Path.Combine(_folder.Path, "endpoint"), new byte[10_000]);

        Assert.Null(Memory.Load());
    }

    public void Dispose() => _folder.Dispose();
}
