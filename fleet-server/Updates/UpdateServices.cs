using Messaging.FleetServer.Updates.Artifacts;
using Messaging.FleetServer.Updates.Metadata;

namespace Messaging.FleetServer.Updates;

internal static class UpdateServices
{
    private const string ArtifactsFolder = "artifacts";
    private const string MetadataFolder = "metadata";
    private const string KeysFolder = "keys";

    /// <param name="folder">Of the repository, in the data folder.</param>
    /// <param name="keysFolder">Of the server's keys.</param>
    public static IServiceCollection AddUpdates(this IServiceCollection services, RepositoryLimits limits, string folder, string keysFolder) => services
        .AddSingleton(limits)
        .AddSingleton(_ => OnlineKey.Open(keysFolder))
        .AddSingleton<IRepositoryFiles>(_ => new RepositoryFolder(Path.Combine(folder, MetadataFolder)))
        .AddSingleton(_ => new ArtifactStore(Path.Combine(folder, ArtifactsFolder)))
        .AddSingleton(_ => new ReleaseKeys(Path.Combine(folder, KeysFolder)))
        .AddSingleton<ArtifactUploads>()
        .AddSingleton<DownloadGate>()
        .AddSingleton<UpdateRepository>()
        .AddSingleton<RepositoryStatus>()
        .AddSingleton<RepositoryKeeper>()
        .AddHostedService(static provider => provider.GetRequiredService<RepositoryKeeper>());
}
