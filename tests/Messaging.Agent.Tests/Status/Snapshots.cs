using Messaging.Agent.Status;

namespace Messaging.Agent.Tests.Status;

internal static class Snapshots
{
    public static readonly DateTimeOffset Now = new(2030, 5, 6, 12, 0, 0, TimeSpan.Zero);

    public static StatusSnapshot Well { get; } = new(
        1,
        Now,
        new("0.1.0", 1234, Now.AddHours(-3).AddMinutes(-12), "/var/lib/messaging-agent", 47 << 20),
        new("enrolled", "0123456789abcdef0123456789abcdef", "pi-kitchen", new string('a', 64), 2, 7),
        new("connected", "mqtts://fleet.example:8883", Now.AddMinutes(-191), null, 0, null, 12, Now.AddSeconds(-2)) { Transport = "MQTT over TLS" },
        new(1_300_000, 256 << 20, 0, null, 0),
        [
            Collector("cpu", 2000, "command"), Collector("memory", 10_000), Collector("disk", 10_000), Collector("filesystem", 60_000),
            Collector("temperature", 30_000) with { State = "unavailable", Problem = "no thermal zone and no hwmon temperature under /sys/class" },
        ],
        [new("/var/log/app.log", "following", 1234, 0, Now.AddSeconds(-3), null), new("journal", "following", 99, null, Now.AddMinutes(-5), null)],
        [new("aa", "ping", "done", Now.AddSeconds(-30), ""), new("ab", "reboot", "done", null, "The device has restarted.")],
        [],
        new Dictionary<string, double> { ["system.cpu.utilization"] = 0.123, ["system.memory.utilization"] = 0.43, ["system.linux.cpu.load_1m"] = 0.4, ["system.uptime"] = 200_000 });

    public static StatusSnapshot Troubled { get; } = Well with
    {
        Connection = new("waiting", "mqtts://fleet.example:8883", Now.AddSeconds(-40), Now.AddSeconds(20), 17, "Connection refused", 12, Now.AddHours(-1))
        {
            Transport = "MQTT over TLS",
            Proxy = "http://proxy:3128",
            NextEndpoint = "wss://fleet.example/mqtt",
        },
        Spool = new(250L << 20, 256 << 20, 12_345, Now.AddHours(-1), 678),
        Collectors = [.. Well.Collectors, Collector("units", 30_000) with { State = "hanging", Problem = "took longer than 10 s" }],
        Logs = [new("/var/log/\u001b[2Jevil\n.log", "failing", 0, null, null, "Permission denied")],
        Commands = [new("bb", "restart-unit", "failed", Now.AddMinutes(-2), "my-app.service: the job failed")],
        Problems =
        [
            new("connection", "The relay cannot be reached: Connection refused", "Check the network, and that the fleet server runs; data is kept meanwhile.", Now.AddHours(-1)),
            new("spool", "678 records were dropped because the spool was full", "Raise Spool:MaxBytes, or repair the connection.", null),
        ],
    };

    private static CollectorStatus Collector(string name, long ms, string from = "default") => new(name, "ok", ms, from, Now.AddSeconds(-1), 0.4, 100, 0, null);
}
