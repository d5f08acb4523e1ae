using Messaging.FleetServer.ControlPlane;
using Messaging.FleetServer.Enrolment;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Telemetry;
using Messaging.FleetServer.Trust;
using Messaging.Trust;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.FleetServer.Tests.Harness;

/// <summary>A relay, a control and devices, on files of their own.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly List<TestDevice> _devices = [];
    private readonly Func<ControlSettings, ControlSettings>? _change;
    private readonly Action<IServiceCollection>? _services;
    private RelayProcess? _relay;
    private ControlProcess? _control;

    private Fleet(Func<ControlSettings, ControlSettings>? change, Action<IServiceCollection>? services)
    {
        _change = change;
        _services = services;
    }

    public ControlProcess Control => _control ?? throw new InvalidOperationException("Control is not running.");

    public RelayProcess Relay => _relay ?? throw new InvalidOperationException("The relay is not running.");

    public string Path => _folder.Path;

    public static async Task<Fleet> StartAsync(
        Func<ControlSettings, ControlSettings>? change = null, Action<IServiceCollection>? services = null)
    {
        var fleet = new Fleet(change, services);
        await fleet.StartRelayAsync();
        await fleet.StartControlAsync();
        return fleet;
    }

    public async Task StartRelayAsync(int port = 0)
    {
        using var keys = FleetKeys.Open(_folder[ControlSettings.KeysFolder]);
        _relay = await RelayProcess.StartAsync(_folder.Path, keys.Server.Public.Fingerprint.ToArray(), port);
    }

    public async Task StopRelayAsync()
    {
        await Relay.DisposeAsync();
        _relay = null;
    }

    public async Task StartControlAsync()
    {
        _control = await ControlProcess.StartAsync(_folder.Path, RelayLinkOptions.Socket(_folder["relay.sock"]), _change, _services);
        await _control.ReadyAsync();
    }

    public async Task StopControlAsync()
    {
        await Control.DisposeAsync();
        _control = null;
        SqliteConnection.ClearAllPools();
    }

    public async Task<CreatedToken> TokenAsync(int? maxUses = 1, bool requireApproval = false, TimeSpan? expiresIn = null) =>
        await Control.Enrolment.CreateTokenAsync(
            new TokenRequest("test", ["bench"], maxUses, expiresIn ?? TimeSpan.FromHours(1), requireApproval, "tester"),
            TestContext.Current.CancellationToken);

    public FleetTrust CurrentTrust() => Control.Trust.Verified();

    public TestDevice NewDevice()
    {
        var device = new TestDevice();
        _devices.Add(device);
        return device;
    }

    /// <summary>A device that is enrolled, and connected unless told otherwise.</summary>
    public async Task<TestDevice> EnrolAsync(bool connect = true)
    {
        var device = NewDevice();
        var response = await device.EnrolAsync(Control.Enrolment, (await TokenAsync()).Text, CurrentTrust());
        Assert.Equal(Messaging.Enrolment.EnrolStatus.Approved, response.Status);
        if (connect)
        {
            await ConnectAsync(device);
        }

        return device;
    }

    public Task ConnectAsync(TestDevice device) => device.ConnectAsync(Relay.Port);

    /// <summary>What a query over telemetry.db gives, column 0 as text.</summary>
    public List<string> Query(string sql, params (string Name, object Value)[] parameters)
    {
        using var connection = new TelemetryDatabase(_folder[ControlSettings.TelemetryFile]).OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(reader.GetValue(0).ToString()!);
        }

        return rows;
    }

    /// <summary>Changes telemetry.db while control is stopped.</summary>
    public void Execute(string sql)
    {
        using var connection = new TelemetryDatabase(_folder[ControlSettings.TelemetryFile]).OpenWriter();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public long Count(string sql, params (string Name, object Value)[] parameters) => long.Parse(Query(sql, parameters).Single());

    public long Rejections(TestDevice device, string reason, string side = "server") => Count(
        "SELECT coalesce(sum(count), 0) FROM rejections WHERE device = $device AND reason = $reason AND side = $side",
        ("$device", device.Id.ToArray()), ("$reason", reason), ("$side", side));

    public async ValueTask DisposeAsync()
    {
        foreach (var device in _devices)
        {
            await device.DisposeAsync();
        }

        if (_control is not null)
        {
            // Shown with a test that failed.
            TestContext.Current.TestOutputHelper?.WriteLine($"{_control.Ingest}\n{_control.Relay}\n{_control.Logs.Text}");
            await _control.DisposeAsync();
        }

        if (_relay is not null)
        {
            await _relay.DisposeAsync();
        }

        _folder.Dispose();
    }
}
