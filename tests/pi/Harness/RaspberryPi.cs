using System.Globalization;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.Pi.Harness;

/// <summary>A board with the agent's package installed, in a fleet; shared by all tests, each of which leaves it running.</summary>
public class RaspberryPi : IAsyncLifetime
{
    /// <summary>Where systemd looks for the credential of the unit that enrols.</summary>
    internal const string Credential = "/etc/credstore/messaging-agent.enrolment-token";

    /// <summary>Emulated on a busy machine, a boot takes its time.</summary>
    internal static readonly TimeSpan Boot = TimeSpan.FromMinutes(8);

    private readonly ScratchFolder _scratch = new();
    private Emulator? _board;

    internal PiFleet Fleet { get; private set; } = null!;

    internal string DeviceId { get; private set; } = "";

    /// <summary>Gets what systemd said of the agent after its installation, before it was enrolled: enabled or not, active or not.</summary>
    internal (string Enabled, string Active) BeforeEnrolment { get; private set; }

    internal Emulator Board => _board ?? throw new InvalidOperationException("The board is switched off.");

    internal SerialConsole Console => Board.Console;

    internal string Device => $"/api/v1/devices/{DeviceId}";

    private protected virtual string TokenPlace => "/root/token";

    /// <summary>Gets options of the agent beyond those of each board; one that is there twice is the last.</summary>
    private protected virtual IEnumerable<string> MoreSettings => [];

    /// <summary>Gets what root allows beyond restarts.</summary>
    private protected virtual IEnumerable<string> MorePolicy => [];

    private string CardImage => _scratch["card.img"];

    public virtual async ValueTask InitializeAsync()
    {
        Fleet = await PiFleet.Start(_scratch["server"]);
        var settings = _scratch["settings.conf"];
        await File.WriteAllLinesAsync(settings, ["[Service]", .. Settings().Concat(MoreSettings).Select(static setting => $"Environment=MESSAGING_AGENT_{setting}")]);
        var policy = _scratch["helper.conf"];
        await File.WriteAllLinesAsync(policy, ["[Helper]", "Units = pi-count.service", "Reboot = yes", "RebootAfter = 0", .. MorePolicy]);
        var token = _scratch["token"];
        await File.WriteAllTextAsync(token, await Fleet.EnrolmentToken());
        await Card.Write(CardImage, _scratch.Path,
        [
            ("root/agent.deb", Harness.Board.Package),
            (TokenPlace[1..], token),
            ("etc/systemd/system/messaging-agent.service.d/test.conf", settings),
            ("root/helper.conf", policy),
            .. await MoreFiles(_scratch),
        ]);
        await PowerOn();
        await Console.Run("dpkg -i /root/agent.deb", TimeSpan.FromMinutes(5));
        BeforeEnrolment = ((await Console.TryRun("systemctl is-enabled messaging-agent")).Output, (await Console.TryRun("systemctl is-active messaging-agent")).Output);
        await Console.Run("cp /root/helper.conf /etc/messaging-agent/helper.conf");
        await Console.Run("systemctl start pi-network", Boot);
        await Enrol();
        DeviceId = await Fleet.OnlyDevice();
        await Console.Run("rm /root/agent.deb; sync");
        await Online();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_board is not null)
        {
            await _board.DisposeAsync();
        }

        if (Fleet is not null)
        {
            await Fleet.DisposeAsync();
        }

        _scratch.Dispose();
    }

    internal async Task PowerOn()
    {
        _board = await Emulator.PowerOn(CardImage, _scratch.Path);
        await Console.Ready(Boot);
    }

    internal async Task CutPower()
    {
        await Board.CutPower();
        _board = null;
    }

    /// <summary>After the board has switched itself off, as the emulator does instead of a reboot.</summary>
    internal async Task PowerOnAgain()
    {
        await Board.DisposeAsync();
        await PowerOn();
    }

    internal Task Online() => Eventually.Is("the device is online", Boot, async () => (await Fleet.Api.Get(Device))["online"]!.GetValue<bool>());

    internal async Task<JsonNode> Command(string type, JsonObject? args = null)
    {
        var command = new JsonObject { ["type"] = type };
        if (args is not null)
        {
            command["args"] = args;
        }

        return await Fleet.Api.Run(DeviceId, command, Boot);
    }

    /// <summary>The identifier of the board's present boot, as its counting service writes it.</summary>
    internal async Task<string> BootId() => (await Console.Run("cut -c 1-8 /proc/sys/kernel/random/boot_id")).Trim();

    /// <summary>Seconds since the kernel of this boot started.</summary>
    internal async Task<double> Uptime() =>
        double.Parse((await Console.Run("cut -d' ' -f1 /proc/uptime")).Trim(), CultureInfo.InvariantCulture);

    /// <summary>Lets the device into the fleet and starts its agent.</summary>
    private protected virtual async Task Enrol()
    {
        await Console.Run($"runuser -u messaging-agent -- messaging-agent enroll - < {TokenPlace}", TimeSpan.FromMinutes(5));
        await Console.Run($"rm {TokenPlace}; systemctl start messaging-agent", TimeSpan.FromMinutes(2));
    }

    /// <summary>Makes what the card holds beyond that of each board: its place there, and where it is here.</summary>
    private protected virtual Task<(string Target, string Source)[]> MoreFiles(ScratchFolder scratch) => Task.FromResult<(string, string)[]>([]);

    /// <summary>A file of this machine that goes with the board.</summary>
    private protected string Scratch(string name) => _scratch[name];

    private static string[] Settings() =>
    [
        "Logs__Files=/var/log/count.log",
        "Uplink__MetricsFlush=5s",
        "Intervals__cpu=2s",
        "Intervals__memory=2s",
        "Commands__Allow=ping,collect,restart-unit,reboot,gpio-set,pwm-set",
        "Gpio__lamp__Line=GPIO17",
        "Gpio__lamp__Direction=output",
        "Pwm__fan__Id=pwmchip0/0",
        "Pwm__fan__Frequency=100",
        "Pwm__fan__Safe=1",
        "Commands__Units=pi-count.service",
        "Sensor__chip__Kind=hwmon",
        "Sensor__chip__Id=emc1413/temp1",
        "Sensor__chip__Interval=5s",
        "Sensor__compass__Kind=iio",
        "Sensor__compass__Id=lsm303dlhc_magn/in_magn_x",
        "Sensor__compass__Interval=5s",
        .. Harness.Board.IsNative ? Array.Empty<string>() : ["Sensor__probe__Kind=lm75", "Sensor__probe__Id=i2c-1/0x48", "Sensor__probe__Interval=5s"],
    ];
}
