using System.CommandLine;
using System.Security.Cryptography;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;
using Messaging.Updates.Releases;

namespace Messaging.Cli.Verbs.Artifacts;

/// <summary><c>fleetctl artifact add</c></summary>
internal static class ArtifactAddVerb
{
    private const int DefaultDeltas = 2;

    public static Command Create(CommonOptions common)
    {
        var file = new Argument<string>("FILE") { Description = "What devices install: for the kind agent its executable." };
        var release = new ReleaseOptions();
        var encrypt = new Option<bool>("--encrypt") { Description = "Only devices to which it is assigned can read it: neither mirrors nor strangers." };
        var from = new Option<string[]>("--delta-from")
        {
            Description = "Makes a delta for devices that have this: an older version, or a file. May be repeated.",
            HelpName = "VERSION|FILE",
            DefaultValueFactory = _ => [],
        };
        var last = new Option<int>("--deltas") { Description = "Makes deltas from so many of the last releases for the same hardware; 0: none.", HelpName = "N", DefaultValueFactory = _ => DefaultDeltas };
        var expires = ExpiresOption.Create("--expires", "the targets are to");
        var verb = new Verb(
            "add",
            "Uploads a release, and puts it up for signatures with all that is there. Devices are shown it when it is signed and published.",
            ("fleetctl artifact add messaging-agent --version 1.4.0", "the agent, for the platform that the file is for"),
            ("fleetctl artifact add camera.tar --kind tree --name camera --version 2.0.0 --hardware linux-arm64 --param unit=camera.service --health-unit camera.service", "a program with a unit"),
            ("fleetctl artifact add model.bin --kind script --name model --version 7.0.0 --encrypt --requires camera>=2.0.0", "encrypted, for devices with a camera of today"),
            ("fleetctl artifact add messaging-agent --version 1.4.0 --delta-from 1.2.0 --deltas 0", "with a delta for devices of last year"))
        {
            file,
        };
        release.AddTo(verb);
        foreach (var option in new Option[] { encrypt, from, last, expires })
        {
            verb.Options.Add(option);
        }

        return verb.Runs(async (parsed, ct) =>
        {
            var path = parsed.GetRequiredValue(file);
            if (!File.Exists(path))
            {
                throw new CliException($"There is no file {TerminalText.Line(path)}.", ExitCodes.Usage);
            }

            var end = ExpiresOption.Read(parsed, expires);
            var skeleton = release.Read(parsed, path);
            using var session = await RepositorySession.OpenAsync(common, parsed, ct);
            var scratch = Directory.CreateTempSubdirectory("fleetctl-");
            try
            {
                var adding = new ReleaseAdding(session, skeleton, Transfers.Progress(parsed), line => Show.Note(parsed, TerminalText.Line(line)), scratch.FullName)
                {
                    Counter = release.Counter(parsed),
                    Key = parsed.GetValue(encrypt) ? RandomNumberGenerator.GetBytes(UpdateArguments.KeyBytes) : null,
                    DeltaNames = parsed.GetValue(from) ?? [],
                    LastDeltas = Math.Clamp(parsed.GetValue(last), 0, Release.MaxEntries),
                };
                await adding.RunAsync(path, end, ct);
            }
            finally
            {
                scratch.Delete(recursive: true);
            }

            await session.ReadAsync(ct);
            Show.Lines(parsed, session.TargetsDraft is { } draft ? TargetWords.Of(draft, SigningRoom.Of(session)) : []);
            Show.Note(parsed, "Nothing of it is shown to devices yet. Next: fleetctl artifact sign --key FILE");
            return ExitCodes.Ok;
        });
    }
}
