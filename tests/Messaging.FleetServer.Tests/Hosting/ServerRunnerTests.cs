using Messaging.FleetServer.ControlPlane;
using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Tests.Harness;
using Messaging.FleetServer.Trust;

namespace Messaging.FleetServer.Tests.Hosting;

public sealed class ServerRunnerTests
{
    [Fact]
    public void RequireKeys_OfAFleetWhoseRootIsAnOwners_StartsWithoutIt()
    {
        using var folder = new ScratchFolder();
        Begin(folder);

        File.Delete(Path.Combine(folder[ControlSettings.KeysFolder], "root.p8"));

        ServerRunner.RequireKeysOfKnownFleet(new FleetServerOptions { DataFolder = folder.Path });
    }

    [Theory]
    [InlineData("server-identity.p8")]
    [InlineData("trust.cbor")]
    public void RequireKeys_OfAFleetWhoseKeysAreGone_RefusesToStart(string file)
    {
        using var folder = new ScratchFolder();
        var options = new FleetServerOptions { DataFolder = folder.Path };
        ServerRunner.RequireKeysOfKnownFleet(options);
        Begin(folder);
        ServerRunner.RequireKeysOfKnownFleet(options);

        File.Delete(Path.Combine(folder[ControlSettings.KeysFolder], file));

        var error = Assert.Throws<InvalidDataException>(() => ServerRunner.RequireKeysOfKnownFleet(options));
        Assert.Contains("backup", error.Message, StringComparison.Ordinal);
    }

    private static void Begin(ScratchFolder folder)
    {
        using var keys = FleetKeys.Open(folder[ControlSettings.KeysFolder]);
        new TrustService(keys, folder[ControlSettings.KeysFolder], TimeProvider.System).Dispose();
        File.WriteAllBytes(folder[StorageServices.RegistryFile], []);
    }
}
