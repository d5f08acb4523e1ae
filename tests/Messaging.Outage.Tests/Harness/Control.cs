using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Enrolment;
using Messaging.Agent.Identity;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.ControlPlane;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Enrolment;
using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Trust;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Messaging.Outage.Tests.Harness;

/// <summary>The control role as it is, on files of its own; only its link to a relay is replaced.</summary>
internal sealed class Control : IAsyncDisposable
{
    private readonly string _folder;
    private readonly FleetKeys _keys;
    private readonly IHost _host;

    private Control(string folder, FleetKeys keys, IHost host) => (_folder, _keys, _host) = (folder, keys, host);

    public byte[] Trust => _host.Services.GetRequiredService<ITrustService>().Current.ToArray();

    public byte[] RootFingerprint => Convert.FromHexString(_host.Services.GetRequiredService<ITrustService>().FleetFingerprint);

    public ICommandService Commands => _host.Services.GetRequiredService<ICommandService>();

    public static async Task<Control> StartAsync(string folder, TimeProvider time, Func<IRelayPublisher> relay)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var keys = FleetKeys.Open(Path.Combine(folder, ControlSettings.KeysFolder));
        var settings = new ControlSettings
        {
            DataFolder = folder,
            Relay = RelayLinkOptions.Socket(Path.Combine(folder, "nobody.sock")),
            Enrolment = new EnrolmentOptions { BaseUrl = new Uri("http://127.0.0.1:1") },
        };
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(new FleetServerOptions { DataFolder = folder }).AddSingleton(time);
        builder.Services.AddRegistryStorage();
        builder.Services.AddControlPlane(keys, settings);
        builder.Services.AddSingleton(_ => relay());
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new Control(folder, keys, host);
    }

    /// <summary>Lets a device in, whose folder then says so, and connects it to the ingest.</summary>
    public async Task EnrolAsync(AgentOptions options, KeyStore keys, string name, DirectLink link)
    {
        Enroller.Keep(
            PhysicalDisk.Instance,
            new StateFolder(options.Device.State),
            keys,
            new EnrolmentRecord(keys.Keys.DeviceId, name, [], [], "http://localhost", RootFingerprint, Trust),
            1);
        await AddAsync(keys.Keys, link);
    }

    private async Task AddAsync(DeviceKeys device, DirectLink link)
    {
        var directory = _host.Services.GetRequiredService<IDeviceDirectory>();
        await directory.AddAsync(
            new Device
            {
                Id = device.DeviceId.ToString(),
                Name = "week",
                Status = DeviceStatus.Active,
                IdentityPoint = device.Identity.Public.Point.ToArray(),
                HpkePoint = device.Hpke[0].Pair.Public.Point.ToArray(),
                EnrolledHpkePoint = device.Hpke[0].Pair.Public.Point.ToArray(),
            },
            static (_, _) => Task.FromResult(true),
            TestContext.Current.CancellationToken);
        link.Devices = directory;
        link.Control = _host.Services.GetRequiredService<IUplinkReceiver>();
    }

    /// <summary>The rows of a query over telemetry.db.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> row)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, ControlSettings.TelemetryFile)};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
        _keys.Dispose();
        SqliteConnection.ClearAllPools();
    }
}
