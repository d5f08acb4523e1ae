using Messaging.FleetServer.ControlPlane;
using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Trust;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Tests.Harness;

namespace Messaging.FleetServer.Tests.Hosting;

public sealed class ServerRunnerTests
{
    [Fact]
    public void RequireKeys_OfAFleetWhoseRootIsGone_RefusesToStart()
    {
        using var folder = new ScratchFolder();
        var options = new FleetServerOptions { DataFolder = folder.Path };
        ServerRunner.RequireKeysOfKnownFleet(options);
        FleetKeys.Open(folder[ControlSettings.KeysFolder]).Dispose();
        File.WriteAllBytes(folder[StorageServices.RegistryFile], []);
        ServerRunner.RequireKeysOfKnownFleet(options);

        File.Delete(Path.Combine(folder[ControlSettings.KeysFolder], "root.p8"));

        var error = Assert.Throws<InvalidDataException>(() => ServerRunner.RequireKeysOfKnownFleet(options));
        Assert.Contains("backup", error.Message, StringComparison.Ordinal);
    }
}
