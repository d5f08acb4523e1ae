using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Storage;

/// <summary>
/// The registry (registry.db). It knows no entity by name: every feature configures its own with an
/// <see cref="IEntityTypeConfiguration{TEntity}"/> in its folder and reads them by <c>db.Set&lt;T&gt;()</c>.
/// </summary>
internal sealed class FleetDbContext(DbContextOptions<FleetDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(FleetDbContext).Assembly);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMillisecondsConverter>();
}
