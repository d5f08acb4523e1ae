using System.Net;
using Messaging.Enrolment;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.ControlPlane;
using Messaging.FleetServer.Enrolment;
using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Messaging.FleetServer.Tests.Harness;

/// <summary>The server as the program builds it, with relay, control and API, in this process and on a folder of its own.</summary>
public sealed class WholeServer : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();
    private FleetKeys? _keys;
    private WebApplication? _app;

    internal FleetRoles Roles { get; init; } = new FleetServerOptions().Roles;

    /// <summary>What stands in the place of the server's own.</summary>
    internal Action<IServiceCollection>? Services { get; init; }

    internal LogCapture Logs { get; } = new();

    internal FleetServerOptions Options { get; private set; } = new();

    internal Uri Address => new($"http://127.0.0.1:{Options.Port}");

    public async ValueTask InitializeAsync()
    {
        Options = ServerRunner.ResolvePorts(new FleetServerOptions
        {
            DataFolder = _folder.Path,
            Roles = Roles,
            ListenAddress = IPAddress.Loopback,
            Port = 0,
            MqttPort = 0,
            Tls = false,
        });
        _keys = FleetKeys.Open(Options.PathOf(ControlSettings.KeysFolder));
        _app = FleetServerApplication.Build(Options, certificate: null, _keys, builder =>
        {
            builder.Logging.ClearProviders().AddProvider(Logs);
            builder.Services.AddSingleton(new Announcer(TextWriter.Null));
            Services?.Invoke(builder.Services);
        });
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();

        _keys?.Dispose();
        _folder.Dispose();
    }

    /// <summary>As at a signal; the folder and the log stay.</summary>
    internal async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            app.Lifetime.StopApplication();
            await app.WaitForShutdownAsync(CancellationToken.None);
            await app.DisposeAsync();
        }
    }

    internal T Get<T>()
        where T : notnull => (_app ?? throw new InvalidOperationException("The server has not started.")).Services.GetRequiredService<T>();

    internal async Task<ApiClient> With(OperatorRole role) => new(Address, await TokenOf(role));

    internal async Task<string> TokenOf(OperatorRole role) =>
        (await Get<ApiTokens>().CreateAsync($"test {role}", role, null, "test", TestContext.Current.CancellationToken)).Text;

    /// <summary>A device that is enrolled and has never connected.</summary>
    internal async Task<TestDevice> EnrolAsync()
    {
        var enrolment = Get<IEnrolmentService>();
        var token = await enrolment.CreateTokenAsync(
            new TokenRequest("test", [], 1, TimeSpan.FromHours(1), RequireApproval: false, "test"), TestContext.Current.CancellationToken);
        var device = new TestDevice();
        Assert.Equal(EnrolStatus.Approved, (await device.EnrolAsync(enrolment, token.Text, Get<ITrustService>().Verified())).Status);
        return device;
    }
}
