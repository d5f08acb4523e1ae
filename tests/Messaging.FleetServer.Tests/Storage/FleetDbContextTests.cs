using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Tests.Storage;

public sealed class FleetDbContextTests
{
    [Fact]
    public void Model_ComparedWithNewestMigration_HasNoPendingChange()
    {
        using var db = new FleetDbContextDesignFactory().CreateDbContext([]);

        Assert.False(
            db.Database.HasPendingModelChanges(),
            "An entity changed without a migration; see fleet-server/Storage/README.md.");
    }
}
