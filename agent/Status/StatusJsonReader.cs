using System.Text.Json;
using Messaging.Agent.Json;

namespace Messaging.Agent.Status;

/// <summary>Reads what <see cref="StatusJson"/> wrote; members that it does not know are passed over.</summary>
internal static class StatusJsonReader
{
    /// <exception cref="JsonException">It is no snapshot.</exception>
    public static StatusSnapshot Read(ReadOnlyMemory<byte> content)
    {
        using var document = JsonDocument.Parse(content);
        var fields = new JsonFields(document.RootElement);
        return new StatusSnapshot(
            fields.Count("version"),
            fields.Time("now"),
            Agent(fields.Object("agent")),
            fields.OptionalObject("enrolment") is { } enrolment ? Enrolment(enrolment) : null,
            fields.OptionalObject("connection") is { } connection ? Connection(connection) : null,
            fields.OptionalObject("spool") is { } spool ? Spool(spool) : null,
            fields.Objects("collectors", Collector),
            fields.Objects("logs", Log),
            fields.Objects("commands", Command),
            fields.Objects("problems", Problem),
            Latest(fields.Object("latest")))
        {
            Time = fields.OptionalObject("time") is { } time ? Time(time) : null,
            Trust = fields.OptionalObject("trust") is { } trust ? Trust(trust) : null,
            Audit = fields.OptionalObject("audit") is { } audit ? Audit(audit) : null,
            ScriptsHeldBy = fields.OptionalText("scriptsHeldBy"),
            Files = fields.OptionalObject("files") is { } files ? Files(files) : null,
            Twin = fields.OptionalObject("twin") is { } twin ? Twin(twin) : null,
            Update = fields.OptionalObject("update") is { } update ? Update(update) : null,
            Sharing = fields.OptionalObject("sharing") is { } sharing ? Sharing(sharing) : null,
            Uplink = fields.OptionalObject("uplink") is { } uplink ? Uplink(uplink) : null,
        };
    }

    private static AgentStatus Agent(JsonFields fields) =>
        new(fields.Text("version"), fields.Count("processId"), fields.Time("startedAt"), fields.Text("stateFolder"), fields.Number("residentBytes"));

    private static EnrolmentStatus Enrolment(JsonFields fields) => new(
        fields.Text("state"),
        fields.OptionalText("deviceId"),
        fields.OptionalText("name"),
        fields.OptionalText("fleetFingerprint"),
        fields.OptionalVersion("rootVersion"),
        fields.OptionalVersion("rosterVersion"));

    private static ConnectionStatus Connection(JsonFields fields) => new(
        fields.Text("state"),
        fields.OptionalText("endpoint"),
        fields.OptionalTime("since"),
        fields.OptionalTime("nextAttemptAt"),
        fields.Count("failedAttempts"),
        fields.OptionalText("lastError"),
        fields.OptionalVersion("epochNo"),
        fields.OptionalTime("lastAckAt"))
    {
        Transport = fields.OptionalText("transport"),
        Proxy = fields.OptionalText("proxy"),
        NextEndpoint = fields.OptionalText("nextEndpoint"),
        AskedToWait = fields.Flag("askedToWait"),
        Deadline = fields.OptionalTime("deadline"),
        BetterEndpoint = fields.OptionalText("betterEndpoint"),
        BetterAt = fields.OptionalTime("betterAt"),
        BetterError = fields.OptionalText("betterError"),
    };

    private static SpoolStatus Spool(JsonFields fields) => new(
        fields.Number("bytes"), fields.Number("maxBytes"), fields.Number("unackedRecords"), fields.OptionalTime("oldestUnackedAt"), fields.Number("droppedRecords"));

    private static CollectorStatus Collector(JsonFields fields) => new(
        fields.Text("name"),
        fields.Text("state"),
        fields.Number("intervalMs"),
        fields.Text("intervalFrom"),
        fields.OptionalTime("lastAt"),
        fields.OptionalReal("lastDurationMs"),
        fields.Number("samples"),
        fields.Number("failures"),
        fields.OptionalText("problem"));

    private static LogSourceStatus Log(JsonFields fields) => new(
        fields.Text("name"),
        fields.Text("state"),
        fields.Number("lines"),
        fields.OptionalNumber("behindBytes"),
        fields.OptionalTime("lastLineAt"),
        fields.OptionalText("problem"));

    private static CommandStatus Command(JsonFields fields) =>
        new(fields.Text("id"), fields.Text("type"), fields.Text("state"), fields.OptionalTime("at"), fields.OptionalText("message"));

    private static StatusProblem Problem(JsonFields fields) =>
        new(fields.Text("area"), fields.Text("what"), fields.OptionalText("do"), fields.OptionalTime("since"));

    private static Dictionary<string, double> Latest(JsonFields fields)
    {
        var latest = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var name in fields.Names())
        {
            latest[name] = fields.OptionalReal(name) ?? throw new JsonException($"{name}: a number is expected");
        }

        return latest;
    }

    private static TimeStatus Time(JsonFields fields) => new(
        fields.Text("knownBy"),
        fields.Text("clock"),
        fields.Time("notBefore"),
        fields.OptionalNumber("beaconAge"),
        fields.OptionalNumber("uncertaintyMs"),
        fields.Number("uptime"),
        fields.Text("bootId"));

    private static TrustStatus Trust(JsonFields fields) => new(fields.OptionalTime("nextAt"), fields.Objects("homes", Home));

    private static HomeStatus Home(JsonFields fields) => new(fields.Text("home"), fields.Time("askedAt"), fields.Text("outcome"));

    private static TwinStatus Twin(JsonFields fields) => new(
        fields.Number("version"), fields.Count("converged"), fields.Count("converging"), fields.Count("drifted"), fields.Count("failed"), fields.Number("healed"))
    {
        Waits = fields.OptionalText("waits"),
        Problem = fields.OptionalText("problem"),
    };

    private static FilesStatus Files(JsonFields fields) => new(fields.Count("waiting"), fields.OptionalText("waitsFor"))
    {
        Name = fields.OptionalText("name"),
        Sealed = fields.OptionalNumber("sealed"),
        Size = fields.OptionalNumber("size"),
    };

    private static UpdateProgress Update(JsonFields fields) => new(
        fields.Text("state"), fields.Text("target"), fields.Text("detail"), fields.Number("fromNeighbours"), fields.Number("fromMirrors"), fields.Number("fromHomes"));

    private static SharingStatus Sharing(JsonFields fields) => new(fields.Count("artifacts"), fields.Number("bytes"), fields.Number("given"));

    private static AuditStatus Audit(JsonFields fields) => new(
        fields.Text("record"), fields.Number("entries"), fields.Number("signed"), fields.OptionalObject("witness") is { } witness ? Witness(witness) : null);

    private static WitnessStatus Witness(JsonFields fields) => new(fields.Text("log"), fields.Number("number"), fields.Time("time"));

    private static UplinkStatus Uplink(JsonFields fields) => new(fields.Flag("metered"), fields.Text("meteredBy"), fields.OptionalText("held"))
    {
        PausedUntil = fields.OptionalTime("pausedUntil"),
        PausedBy = fields.OptionalText("pausedBy"),
        DataUsed = fields.OptionalNumber("dataUsed"),
        DataLimit = fields.OptionalNumber("dataLimit"),
        DataResetAt = fields.OptionalTime("dataResetAt"),
    };
}
