using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Messaging.FleetServer.Tests.Storage;

public sealed class RegistryMigratorTests
{
    [Fact]
    public async Task Start_OnAFreshFolderAndAgain_LogsNoWarning()
    {
        using var folder = new ScratchFolder();

        for (var start = 0; start < 2; start++)
        {
            using var logs = new LogCapture();
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.Logging.AddProvider(logs);
            builder.Services.AddSingleton(new FleetServerOptions { DataFolder = folder.Path }).AddRegistryStorage();
            using var host = builder.Build();
            await host.StartAsync(TestContext.Current.CancellationToken);
            await host.StopAsync(TestContext.Current.CancellationToken);

            Assert.Empty(logs.WarningsAndErrors);
            Assert.True(File.Exists(folder[StorageServices.RegistryFile]));
        }
    }
}
