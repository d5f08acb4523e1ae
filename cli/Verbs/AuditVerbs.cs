using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Messaging.Cli.Audit;
using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Server;
using Messaging.Cli.Storage;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl audit</c></summary>
internal static class AuditVerbs
{
    public static Command Create(CommonOptions common) => new("audit", "Verifies the server's log and the devices' records, without believing the server.")
    {
        Verify(common),
        Export(common),
        Compare(common),
    };

    private static Verb Verify(CommonOptions common)
    {
        var file = new Argument<string?>("FILE") { Description = "An exported audit, instead of the server.", Arity = ArgumentArity.ZeroOrOne };
        var json = Show.JsonOption();
        return new Verb(
            "verify",
            "Computes the log's chain anew, checks what the server has signed, and holds it against what this machine and the devices have seen before. "
            + "Exit code: 0 when everything agrees.",
            ("fleetctl audit verify", "the server's log now"),
            ("fleetctl audit verify --json | jq .findings", "for a program"),
            ("fleetctl audit verify audit.jsonl", "an export, without the server"))
        {
            file,
            json,
        }.Runs(async (parsed, ct) =>
        {
            var report = parsed.GetValue(file) is { } path
                ? FromFile(common, parsed, path).Report
                : await OnlineAsync(common, parsed, static (_, _, report) => Task.FromResult(report), ct);
            return End(parsed, json, report);
        });
    }

    private static Verb Compare(CommonOptions common)
    {
        var file = new Argument<string?>("FILE") { Description = "An exported audit, instead of the server: without the states that the server has of commands.", Arity = ArgumentArity.ZeroOrOne };
        var since = new Option<string>("--since") { Description = "How far back the server is asked how commands ended.", HelpName = "TIME", DefaultValueFactory = _ => "7d" };
        var json = Show.JsonOption();
        return new Verb(
            "compare",
            "Verifies, and compares the commands of the log with what devices have signed to have executed, and recordings with what they have signed to have recorded. Exit code: 0 when everything agrees.",
            ("fleetctl audit compare", "does anybody else command the fleet?"),
            ("fleetctl audit compare --since 1d --json", "for a program, every day"))
        {
            file,
            since,
            json,
        }.Runs(async (parsed, ct) =>
        {
            if (parsed.GetValue(file) is { } path)
            {
                var (verifier, offline) = FromFile(common, parsed, path);
                return End(parsed, json, offline with { Findings = [.. offline.Findings, .. Comparison.Unknown(verifier)] });
            }

            if (!DurationText.TryParse(parsed.GetRequiredValue(since), out var span))
            {
                throw new CliException($"--since {parsed.GetRequiredValue(since)}: write it as 12h or 7d.", ExitCodes.Usage);
            }

            var report = await OnlineAsync(
                common,
                parsed,
                async (session, verified, report) =>
                {
                    var now = TimeProvider.System.GetUtcNow();
                    var asked = await Comparison.WithServerAsync(verified, now - span, now, one => AskAsync(session.Api, one, ct));
                    var recordings = await Comparison.RecordingsAsync(verified, now - span, now, (device, id) => KnownAsync(() => session.Api.GetRecordingAsync(device, id, ct)));
                    return report with { Findings = [.. report.Findings, .. Comparison.Unknown(verified), .. asked, .. recordings] };
                },
                ct);
            return End(parsed, json, report);
        });
    }

    private static Verb Export(CommonOptions common)
    {
        var file = new Argument<string>("FILE") { Description = "Where to, one JSON object a line; replaced if it is there." };
        return new Verb(
            "export",
            "Writes the log, what the server has signed of it and the devices' records into a file that proves itself against the fleet's fingerprint.",
            ("fleetctl audit export audit-2026-11.jsonl", "for the archive, or somebody else"))
        {
            file,
        }.Runs(async (parsed, ct) =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(file));
            var settings = common.Read(parsed);
            using var session = await FleetSession.OpenAsync(settings, settings.ReadToken(), Seen.Of(common, parsed), parsed.InvocationConfiguration.Error, ct);
            var lines = 0L;
            var temporary = path + ".new";
            await using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
                await foreach (var line in AuditSource.FromServer(session.Api, session.Trust, ct))
                {
                    await writer.WriteLineAsync(JsonSerializer.Serialize(line, AuditJson.Default.AuditLine).AsMemory(), ct);
                    if (++lines % 10_000 == 0)
                    {
                        Show.Note(parsed, $"{lines} lines");
                    }
                }

                await writer.FlushAsync(ct);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            DirectorySync.Run(Path.GetDirectoryName(path)!);
            Show.Lines(parsed, [$"{path}: {lines} lines"]);
            return ExitCodes.Ok;
        });
    }

    private static async Task<AuditReport> OnlineAsync(
        CommonOptions common, ParseResult parsed, Func<FleetSession, AuditVerifier, AuditReport, Task<AuditReport>> then, CancellationToken ct)
    {
        var settings = common.Read(parsed);
        using var session = await FleetSession.OpenAsync(settings, settings.ReadToken(), Seen.Of(common, parsed), parsed.InvocationConfiguration.Error, ct);
        var seen = SeenOf(common, parsed);
        var verifier = new AuditVerifier(session.Trust);
        verifier.Seen(seen.Load(settings.Fleet), hasToBeThere: true);
        await foreach (var line in AuditSource.FromServer(session.Api, session.Trust, ct))
        {
            verifier.Add(line);
        }

        var report = verifier.End();
        if (verifier.NewestCheckpoint is { } newest && report.Through >= newest.Number && !report.Findings.Any(static one => one.Kind is "log-damaged" or "log-rewritten"))
        {
            seen.Save(settings.Fleet, newest);
        }

        return await then(session, verifier, report);
    }

    private static (AuditVerifier Verifier, AuditReport Report) FromFile(CommonOptions common, ParseResult parsed, string path)
    {
        var fleet = common.Given(parsed).Fleet ?? common.File(parsed).Load().Fleet
            ?? throw new CliException("Which fleet? Give --fleet FINGERPRINT (64 hexadecimal digits of one of its roots), or keep it: fleetctl config set --fleet FINGERPRINT", ExitCodes.Usage);
        var fingerprint = FleetSettings.ParseFingerprint(fleet);
        AuditVerifier? verifier = null;
        foreach (var line in AuditSource.FromFile(path))
        {
            if (verifier is null)
            {
                if (!Base64.TryRead(line.Trust, out var bundle) || FleetTrust.Begin(bundle, fingerprint, out var trust) is not TrustVerdict.Applied || trust is null)
                {
                    throw new CliException($"{path} does not begin with what the fleet {fleet} trusts: it is of another fleet, or was changed.");
                }

                verifier = new AuditVerifier(trust);
                verifier.Seen(SeenOf(common, parsed).Load(fingerprint), hasToBeThere: false);
            }
            else
            {
                verifier.Add(line);
            }
        }

        return verifier is null ? throw new CliException($"{path} is empty.") : (verifier, verifier.End());
    }

    private static async IAsyncEnumerable<SaidState> AskAsync(FleetApi api, IssuedCommand command, [EnumeratorCancellation] CancellationToken ct)
    {
        if (command.Device is { } device)
        {
            if (await KnownAsync(() => api.GetCommandAsync(device, command.Id, ct)) is { State: { } state })
            {
                yield return new SaidState(device, state);
            }

            yield break;
        }

        string? cursor = null;
        do
        {
            var page = await KnownAsync(() => api.GetSetMembersAsync(command.Id, "", cursor, ct));
            foreach (var member in page?.Items ?? [])
            {
                if (member.State is { } state && PrincipalId.TryParse(member.DeviceId, out var one))
                {
                    yield return new SaidState(one, state);
                }
            }

            cursor = page?.Next;
        }
        while (cursor is not null);
    }

    /// <summary>Null for what was deleted, with its device or because it is old.</summary>
    private static async Task<T?> KnownAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (CliException e) when (e.Code == ExitCodes.Failed)
        {
            return null;
        }
    }

    private static int End(ParseResult parsed, Option<bool> json, AuditReport report)
    {
        if (parsed.GetValue(json))
        {
            Show.Json(parsed, report, ViewJson.Default.AuditReport);
        }
        else
        {
            Show.Lines(parsed, report.Lines());
        }

        return report.Findings.Count == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static SeenLogs SeenOf(CommonOptions common, ParseResult parsed) => new(Path.Combine(common.File(parsed).Folder, "trust"));
}
