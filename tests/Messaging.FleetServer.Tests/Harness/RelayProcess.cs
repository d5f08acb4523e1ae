using Messaging.Relay;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.FleetServer.Tests.Harness;

/// <summary>A real relay on a Unix socket for control and a TCP port for devices.</summary>
internal sealed class RelayProcess : IAsyncDisposable
{
    private readonly WebApplication _application;

    private RelayProcess(WebApplication application, string socketPath)
    {
        _application = application;
        SocketPath = socketPath;
    }

    public string SocketPath { get; }

    public int Port => Status.Port ?? throw new InvalidOperationException("The relay has no port.");

    public RelayStatus Status => _application.Services.GetRequiredService<RelayStatus>();

    /// <param name="port">0 for a free one.</param>
    public static async Task<RelayProcess> StartAsync(string folder, byte[] controlFingerprint, int port = 0)
    {
        var options = new RelayOptions
        {
            Port = port,
            UnixSocketPath = Path.Combine(folder, "relay.sock"),
            ControlKeys = [controlFingerprint],
        };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddRelay(options);
        builder.WebHost.UseKestrel(kestrel => kestrel.ListenRelay(options));
        var application = builder.Build();
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new RelayProcess(application, options.UnixSocketPath!);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
    }
}
