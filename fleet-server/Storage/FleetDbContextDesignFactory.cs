using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Messaging.FleetServer.Storage;

/// <summary>Lets <c>dotnet ef migrations add</c> build the model without starting a server.</summary>
internal sealed class FleetDbContextDesignFactory : IDesignTimeDbContextFactory<FleetDbContext>
{
    public FleetDbContext CreateDbContext(string[] args)
    {
        var builder = new DbContextOptionsBuilder<FleetDbContext>();
        StorageServices.UseRegistry(builder, "design-time.db");
        return new FleetDbContext(builder.Options);
    }
}
