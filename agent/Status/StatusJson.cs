using System.Text.Json;
using Messaging.Agent.Json;

namespace Messaging.Agent.Status;

/// <summary>Writes what <c>status --json</c> shows: names in camel case, what is null left out.</summary>
internal static class StatusJson
{
    public static byte[] Write(StatusSnapshot snapshot) => JsonText.BytesOfObject(json =>
    {
        json.WriteNumber("version", snapshot.Version);
        json.WriteString("now", snapshot.Now);
        json.Object("agent", snapshot.Agent, Agent);
        json.Object("enrolment", snapshot.Enrolment, Enrolment);
        json.Object("connection", snapshot.Connection, Connection);
        json.Object("spool", snapshot.Spool, Spool);
        json.Objects("collectors", snapshot.Collectors, Collector);
        json.Objects("logs", snapshot.Logs, Log);
        json.Objects("commands", snapshot.Commands, Command);
        json.Objects("problems", snapshot.Problems, Problem);
        json.WriteStartObject("latest");
        foreach (var (name, value) in snapshot.Latest)
        {
            json.WriteNumber(name, value);
        }

        json.WriteEndObject();
        json.Object("time", snapshot.Time, Time);
        json.Object("audit", snapshot.Audit, Audit);
        json.Object("trust", snapshot.Trust, Trust);
        json.Object("files", snapshot.Files, Files);
        json.Object("twin", snapshot.Twin, Twin);
        json.Text("scriptsHeldBy", snapshot.ScriptsHeldBy);
        json.Object("update", snapshot.Update, Update);
        json.Object("sharing", snapshot.Sharing, Sharing);
        json.Object("uplink", snapshot.Uplink, Uplink);
    });

    public static byte[] Write(StateFolderReport report) => JsonText.BytesOfObject(json =>
    {
        if (report.Running is { } running)
        {
            json.WriteBoolean("running", running);
        }

        json.WriteString("reason", report.Reason);
        json.WriteString("stateFolder", report.StateFolder);
        json.WriteBoolean("exists", report.Exists);
        json.WriteBoolean("enrolled", report.Enrolled);
        json.Text("deviceId", report.DeviceId);
        json.Text("name", report.Name);
        json.Text("server", report.Server);
        json.WriteNumber("spoolBytes", report.SpoolBytes);
        json.Time("lastWriteAt", report.LastWriteAt);
        json.WriteBoolean("endedUncleanly", report.EndedUncleanly);
        json.Objects("problems", report.Problems, Problem);
    });

    private static void Agent(Utf8JsonWriter json, AgentStatus agent)
    {
        json.WriteString("version", agent.Version);
        json.WriteNumber("processId", agent.ProcessId);
        json.WriteString("startedAt", agent.StartedAt);
        json.WriteString("stateFolder", agent.StateFolder);
        json.WriteNumber("residentBytes", agent.ResidentBytes);
    }

    private static void Enrolment(Utf8JsonWriter json, EnrolmentStatus enrolment)
    {
        json.WriteString("state", enrolment.State);
        json.Text("deviceId", enrolment.DeviceId);
        json.Text("name", enrolment.Name);
        json.Text("fleetFingerprint", enrolment.FleetFingerprint);
        json.Number("rootVersion", enrolment.RootVersion);
        json.Number("rosterVersion", enrolment.RosterVersion);
    }

    private static void Connection(Utf8JsonWriter json, ConnectionStatus connection)
    {
        json.WriteString("state", connection.State);
        json.Text("endpoint", connection.Endpoint);
        json.Time("since", connection.Since);
        json.Time("nextAttemptAt", connection.NextAttemptAt);
        json.WriteNumber("failedAttempts", connection.FailedAttempts);
        json.Text("lastError", connection.LastError);
        json.Number("epochNo", connection.EpochNo);
        json.Time("lastAckAt", connection.LastAckAt);
        json.Text("transport", connection.Transport);
        json.Text("proxy", connection.Proxy);
        json.Text("nextEndpoint", connection.NextEndpoint);
        json.WriteBoolean("askedToWait", connection.AskedToWait);
        json.Time("deadline", connection.Deadline);
        json.Text("betterEndpoint", connection.BetterEndpoint);
        json.Time("betterAt", connection.BetterAt);
        json.Text("betterError", connection.BetterError);
    }

    private static void Spool(Utf8JsonWriter json, SpoolStatus spool)
    {
        json.WriteNumber("bytes", spool.Bytes);
        json.WriteNumber("maxBytes", spool.MaxBytes);
        json.WriteNumber("unackedRecords", spool.UnackedRecords);
        json.Time("oldestUnackedAt", spool.OldestUnackedAt);
        json.WriteNumber("droppedRecords", spool.DroppedRecords);
    }

    private static void Collector(Utf8JsonWriter json, CollectorStatus collector)
    {
        json.WriteString("name", collector.Name);
        json.WriteString("state", collector.State);
        json.WriteNumber("intervalMs", collector.IntervalMs);
        json.WriteString("intervalFrom", collector.IntervalFrom);
        json.Time("lastAt", collector.LastAt);
        if (collector.LastDurationMs is { } duration)
        {
            json.WriteNumber("lastDurationMs", duration);
        }

        json.WriteNumber("samples", collector.Samples);
        json.WriteNumber("failures", collector.Failures);
        json.Text("problem", collector.Problem);
    }

    private static void Log(Utf8JsonWriter json, LogSourceStatus log)
    {
        json.WriteString("name", log.Name);
        json.WriteString("state", log.State);
        json.WriteNumber("lines", log.Lines);
        json.Number("behindBytes", log.BehindBytes);
        json.Time("lastLineAt", log.LastLineAt);
        json.Text("problem", log.Problem);
    }

    private static void Command(Utf8JsonWriter json, CommandStatus command)
    {
        json.WriteString("id", command.Id);
        json.WriteString("type", command.Type);
        json.WriteString("state", command.State);
        json.Time("at", command.At);
        json.Text("message", command.Message);
    }

    private static void Problem(Utf8JsonWriter json, StatusProblem problem)
    {
        json.WriteString("area", problem.Area);
        json.WriteString("what", problem.What);
        json.Text("do", problem.Do);
        json.Time("since", problem.Since);
    }

    private static void Time(Utf8JsonWriter json, TimeStatus time)
    {
        json.WriteString("knownBy", time.KnownBy);
        json.WriteString("clock", time.Clock);
        json.WriteString("notBefore", time.NotBefore);
        json.Number("beaconAge", time.BeaconAge);
        json.Number("uncertaintyMs", time.UncertaintyMs);
        json.WriteNumber("uptime", time.Uptime);
        json.WriteString("bootId", time.BootId);
    }

    private static void Trust(Utf8JsonWriter json, TrustStatus trust)
    {
        json.Time("nextAt", trust.NextAt);
        json.Objects("homes", trust.Homes, Home);
    }

    private static void Home(Utf8JsonWriter json, HomeStatus home)
    {
        json.WriteString("home", home.Home);
        json.WriteString("askedAt", home.AskedAt);
        json.WriteString("outcome", home.Outcome);
    }

    private static void Files(Utf8JsonWriter json, FilesStatus files)
    {
        json.WriteNumber("waiting", files.Waiting);
        json.Text("waitsFor", files.WaitsFor);
        json.Text("name", files.Name);
        json.Number("sealed", files.Sealed);
        json.Number("size", files.Size);
    }

    private static void Twin(Utf8JsonWriter json, TwinStatus twin)
    {
        json.WriteNumber("version", twin.Version);
        json.WriteNumber("converged", twin.Converged);
        json.WriteNumber("converging", twin.Converging);
        json.WriteNumber("drifted", twin.Drifted);
        json.WriteNumber("failed", twin.Failed);
        json.WriteNumber("healed", twin.Healed);
        json.Text("waits", twin.Waits);
        json.Text("problem", twin.Problem);
    }

    private static void Update(Utf8JsonWriter json, UpdateProgress update)
    {
        json.WriteString("state", update.State);
        json.WriteString("target", update.Target);
        json.WriteString("detail", update.Detail);
        json.WriteNumber("fromNeighbours", update.FromNeighbours);
        json.WriteNumber("fromMirrors", update.FromMirrors);
        json.WriteNumber("fromHomes", update.FromHomes);
    }

    private static void Sharing(Utf8JsonWriter json, SharingStatus sharing)
    {
        json.WriteNumber("artifacts", sharing.Artifacts);
        json.WriteNumber("bytes", sharing.Bytes);
        json.WriteNumber("given", sharing.Given);
    }

    private static void Audit(Utf8JsonWriter json, AuditStatus audit)
    {
        json.WriteString("record", audit.Record);
        json.WriteNumber("entries", audit.Entries);
        json.WriteNumber("signed", audit.Signed);
        json.Object("witness", audit.Witness, Witness);
    }

    private static void Witness(Utf8JsonWriter json, WitnessStatus witness)
    {
        json.WriteString("log", witness.Log);
        json.WriteNumber("number", witness.Number);
        json.WriteString("time", witness.Time);
    }

    private static void Uplink(Utf8JsonWriter json, UplinkStatus uplink)
    {
        json.WriteBoolean("metered", uplink.Metered);
        json.WriteString("meteredBy", uplink.MeteredBy);
        json.Text("held", uplink.Held);
        json.Time("pausedUntil", uplink.PausedUntil);
        json.Text("pausedBy", uplink.PausedBy);
        json.Number("dataUsed", uplink.DataUsed);
        json.Number("dataLimit", uplink.DataLimit);
        json.Time("dataResetAt", uplink.DataResetAt);
    }
}
