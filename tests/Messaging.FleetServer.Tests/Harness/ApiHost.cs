using System.Net;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Commands.Output;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Enrolment;
using Messaging.FleetServer.Events;
using Messaging.FleetServer.Files;
using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Pauses;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Telemetry;
using Messaging.FleetServer.Trust;
using Messaging.FleetServer.Twin;
using Messaging.FleetServer.Updates;
using Messaging.FleetServer.Updates.Devices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.FleetServer.Tests.Harness;

/// <summary>The API on a real Kestrel with real databases in a folder of its own; what control does is faked.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    public const string Password = "correct horse battery";
    private readonly ScratchFolder _folder = new();
    private WebApplication? _app;

    internal FakeTimeProvider Time { get; init; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    internal Uri Address { get; private set; } = new("http://localhost");

    internal IServiceProvider Services => App.Services;

    internal WebApplication App => _app ?? throw new InvalidOperationException("The host has not started.");

    public async ValueTask InitializeAsync()
    {
        var options = new FleetServerOptions { DataFolder = _folder.Path, ListenAddress = IPAddress.Loopback, Port = 0, Tls = false };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "fleet-server" });
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.ListenAddress, 0);
            kestrel.Limits.MaxRequestBodySize = ApiServices.MaxRequestBytes;
        });
        builder.Services.AddSingleton(options).AddSingleton<TimeProvider>(Time).AddRegistryStorage().AddFleetApi();
        builder.Services
            .AddSingleton<IFleetEvents, FleetEvents>()
            .AddSingleton(new TelemetryDatabase(_folder["telemetry.db"]))
            .AddSingleton(new FileLimits())
            .AddSingleton<FileTable>()
            .AddSingleton<OutputTable>()
            .AddSingleton<OutputReader>()
            .AddSingleton(new FileStore(_folder["files"]))
            .AddSingleton<FileKeeper>()
            .AddSingleton<FakeDevices>()
            .AddSingleton<IDeviceRegistry>(static provider => provider.GetRequiredService<FakeDevices>())
            .AddSingleton<PauseBook>()
            .AddSingleton<TwinBook>()
            .AddSingleton<UpdateReads>()
            .AddSingleton<ICommandService, FakeCommands>()
            .AddSingleton<ICommandSets, NoCommandSets>()
            .AddSingleton<ICommandProposals, NoProposals>()
            .AddSingleton<IEnrolmentService, FakeEnrolment>()
            .AddSingleton(new EnrolmentGate(new EnrolmentOptions { BaseUrl = new Uri("https://fleet.example") }))
            .AddUpdates(new RepositoryLimits(), _folder["repository"], _folder["keys"])
            .AddSingleton<FakeStatus>()
            .AddSingleton<IRelayStatus>(static provider => provider.GetRequiredService<FakeStatus>())
            .AddSingleton<IIngestStatus>(static provider => provider.GetRequiredService<FakeStatus>())
            .AddSingleton<ITrustService>(static provider => provider.GetRequiredService<FakeStatus>());
        _app = builder.Build();
        _app.UseFleetApi();
        _app.MapFleetApi();
        _app.RequireListedEndpoints();
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Address = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _folder.Dispose();
    }

    internal FakeDevices Devices => Get<FakeDevices>();

    internal T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>A client without credentials and without cookies of its own.</summary>
    internal ApiClient Anonymous() => new(Address);

    /// <summary>A client with an API token of a role.</summary>
    internal async Task<ApiClient> With(OperatorRole role)
    {
        var (_, text) = await Get<ApiTokens>().CreateAsync($"test {role}", role, null, "test", TestContext.Current.CancellationToken);
        return new ApiClient(Address, text);
    }

    /// <summary>Makes an operator and returns its name.</summary>
    internal async Task<Operator> AddOperator(OperatorRole role, string? username = null)
    {
        var (_, account) = await Get<Operators>().CreateAsync(
            username ?? $"op-{SecretText.CreateId()[..8]}", Password, role, onlyAsFirstOwner: false, TestContext.Current.CancellationToken);
        return account ?? throw new InvalidOperationException("The operator was not made.");
    }

    /// <summary>A client that is signed in with a session.</summary>
    internal async Task<ApiClient> SignedIn(string username)
    {
        var client = Anonymous();
        await client.SignIn(username, Password);
        return client;
    }
}
