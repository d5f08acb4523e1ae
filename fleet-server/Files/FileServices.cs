using Messaging.FleetServer.ControlPlane;

namespace Messaging.FleetServer.Files;

internal static class FileServices
{
    public static IServiceCollection AddFiles(this IServiceCollection services, ControlSettings settings) => services
        .AddSingleton(settings.Files)
        .AddSingleton<FileTable>()
        .AddSingleton(_ => new FileStore(settings.PathOf(ControlSettings.FilesFolder)))
        .AddSingleton<FileKeeper>()
        .AddSingleton<FileReceiptSender>()
        .AddSingleton<FileReceiver>()
        .AddSingleton<FileFinisher>()
        .AddHostedService(static provider => provider.GetRequiredService<FileFinisher>());
}
