using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Messaging.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Tests.Support;

/// <summary>A relay on real sockets: plain TCP, TLS, a Unix socket, and WebSocket over HTTP and HTTPS.</summary>
internal sealed class RelayHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly DirectoryInfo _folder;
    private readonly List<RelayClient> _clients = [];
    private readonly List<Principal> _principals = [];

    private RelayHost(WebApplication application, DirectoryInfo folder, Principal control, X509Certificate2 certificate, string unixPath)
    {
        _application = application;
        _folder = folder;
        Control = control;
        Certificate = certificate;
        UnixPath = unixPath;
    }

    public Principal Control { get; }

    public X509Certificate2 Certificate { get; }

    public byte[] SpkiHash => SHA256.HashData(Certificate.PublicKey.ExportSubjectPublicKeyInfo());

    public string UnixPath { get; }

    public RelayStatus Status => _application.Services.GetRequiredService<RelayStatus>();

    public int Port => Status.Port ?? throw new InvalidOperationException("No plain port.");

    public int TlsPort => Status.TlsPort ?? throw new InvalidOperationException("No TLS port.");

    public IReadOnlyList<string> Urls { get; private set; } = [];

    public long Count(string counter) => Status.Counters.Single(pair => pair.Key == counter).Value;

    public T Get<T>()
        where T : notnull => _application.Services.GetRequiredService<T>();

    public static async Task<RelayHost> StartAsync(Func<RelayOptions, RelayOptions>? change = null, Action<IServiceCollection>? services = null)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("relay-test-");
        var control = new Principal();
        var certificate = Certificates.Create();
        var unixPath = Path.Combine(folder.FullName, "relay.sock");
        var options = new RelayOptions
        {
            Port = 0,
            TlsPort = 0,
            TlsAddress = IPAddress.Loopback,
            Certificate = certificate,
            UnixSocketPath = unixPath,
            ControlKeys = [control.Key.Public.Fingerprint.ToArray()],
        };
        options = change?.Invoke(options) ?? options;

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        services?.Invoke(builder.Services);
        builder.Services.AddRelay(options);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug));
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.ListenRelay(options);
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate));
        });
        var application = builder.Build();
        application.UseRouting();
        application.MapRelay();
        await application.StartAsync(TestContext.Current.CancellationToken);
        var host = new RelayHost(application, folder, control, certificate, options.UnixSocketPath ?? unixPath);
        var status = host.Status;
        host.Urls = [.. application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Where(url => new Uri(url) is { IsLoopback: true } uri && uri.Port > 0 && uri.Port != status.Port && uri.Port != status.TlsPort
                && !url.Contains("unix", StringComparison.Ordinal))];
        return host;
    }

    public Principal NewPrincipal()
    {
        var principal = new Principal();
        _principals.Add(principal);
        return principal;
    }

    public RelayClient NewClient(Principal principal)
    {
        var client = new RelayClient(this, principal);
        _clients.Add(client);
        return client;
    }

    /// <summary>A connected control that has given the relay a directory of these devices.</summary>
    public async Task<ControlClient> ConnectControlAsync(params Principal[] devices)
    {
        var control = new ControlClient(NewClient(Control));
        await control.ConnectAsync();
        await control.SendSnapshotAsync([.. devices.Select(device => device.Entry())]);
        return control;
    }

    public async Task<RelayClient> ConnectDeviceAsync(Principal device)
    {
        var client = NewClient(device);
        var result = await client.ConnectAsync();
        Assert.Equal(MQTTnet.MqttClientConnectResultCode.Success, result.ResultCode);
        return client;
    }

    public Task StopAsync() => _application.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
        _principals.ForEach(principal => principal.Dispose());
        Control.Dispose();
        Certificate.Dispose();
        _folder.Delete(recursive: true);
    }
}
