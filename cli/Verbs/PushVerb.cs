using System.CommandLine;
using System.Security.Cryptography;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Sessions;
using Messaging.Cli.Storage;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl push</c></summary>
internal static class PushVerb
{
    private const string DefaultMode = "644";

    public static System.CommandLine.Command Create(CommonOptions common, ITerminal terminal)
    {
        var local = new Argument<string>("LOCAL") { Description = "The file." };
        var place = new Argument<string>(FilePlace.Name) { Description = "The device, 32 hexadecimal digits, and the whole path there." };
        var mode = new Option<string>("--mode") { Description = "Its permissions there, octal.", HelpName = "MODE", DefaultValueFactory = static _ => DefaultMode };
        var force = new Option<bool>("--force") { Description = "Replaces whatever is there. Without it there must be no file." };
        var expect = new Option<string?>("--expect") { Description = "Replaces only the file that has this SHA-256, 64 hexadecimal digits.", HelpName = "SHA256" };
        var dryRun = new Option<bool>("--dry-run") { Description = "The device checks everything, says what it would do, and does nothing." };
        var json = Show.JsonOption();
        var opening = new SessionOpening(common, terminal, place);
        var verb = new Verb(
            "push",
            "Brings a file of any size to a device, sealed between here and there: neither the relay nor the server can read or change it. It is there whole or not at all. "
            + "A lost connection is taken up again; when the command was ended by force, the same command goes on where it was within the device's Sessions:KeepPartial.",
            ("fleetctl push model.bin 4fa2...:/srv/app/model.bin --key alice.pem", "a new file"),
            ("fleetctl push app 4fa2...:/srv/app/bin/app --mode 755 --force --key alice.pem", "in the place of another one"),
            ("fleetctl push app.conf 4fa2...:/srv/app/app.conf --expect 9f86d0... --key alice.pem", "in the place of just that one"))
        {
            local,
            place,
            mode,
            force,
            expect,
            dryRun,
            json,
        };
        opening.AddTo(verb);
        return verb.Runs(async (parsed, ct) =>
        {
            var (path, name) = (FilePlace.Split(parsed.GetRequiredValue(place)).Path, parsed.GetRequiredValue(local));
            var permissions = Mode(parsed.GetRequiredValue(mode));
            var expected = Expected(parsed.GetValue(force), parsed.GetValue(expect));
            await using var file = new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            var progress = Transfers.Progress(parsed);
            var (size, sha256) = await HashAsync(file, progress, ct);
            Func<SessionId, HpkePublicKey, byte[]> encode = (id, key) => new PushArguments(id, key, path, size, permissions, sha256, expected).Encode();
            if (parsed.GetValue(dryRun))
            {
                return Transfers.Say(parsed, await opening.DryRunAsync(parsed, static text => FilePlace.Split(text).Device, CommandTypes.Push, encode, ct));
            }

            PushUser? user = null;
            var began = TimeProvider.System.GetTimestamp();
            var end = await opening.RunAsync(
                parsed, static text => FilePlace.Split(text).Device, CommandTypes.Push, SessionLink.FirstWindow, encode, () => user = new PushUser(file, size, progress), ct);
            if (end.Reason != SessionEndReason.Done)
            {
                throw Transfers.Failed(user, end);
            }

            return Transfers.Done(
                parsed, parsed.GetValue(json), new TransferView(path, name, size, Convert.ToHexStringLower(sha256), TimeProvider.System.GetElapsedTime(began).TotalSeconds), path);
        });
    }

    private static async Task<(long Size, byte[] Sha256)> HashAsync(FileStream file, TransferProgress progress, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = await HashedFile.AppendAsync(hash, file, static _ => { }, ct);
        return size <= FileReadArguments.MaxOffset
            ? (size, hash.GetHashAndReset())
            : throw new CliException($"A file may have {TransferProgress.Bytes(FileReadArguments.MaxOffset)}; this one has {TransferProgress.Bytes(size)}.");
    }

    private static int Mode(string text)
    {
        var mode = 0;
        foreach (var digit in text)
        {
            mode = digit is >= '0' and <= '7' && mode <= FileWriteArguments.MaxMode ? (mode * 8) + digit - '0' : int.MaxValue;
        }

        return text.Length > 0 && mode is >= 0 and <= FileWriteArguments.MaxMode
            ? mode
            : throw new CliException($"--mode {text}: it takes octal digits, 0 to 777.", ExitCodes.Usage);
    }

    private static ReadOnlyMemory<byte>? Expected(bool force, string? expect)
    {
        if (expect is null)
        {
            return force ? null : ReadOnlyMemory<byte>.Empty;
        }

        if (force)
        {
            throw new CliException("--force replaces whatever is there, --expect only one file: say one of them.", ExitCodes.Usage);
        }

        return expect.Length == 2 * SHA256.HashSizeInBytes && expect.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(expect)
            : throw new CliException($"--expect {expect}: it takes 64 hexadecimal digits, as sha256sum shows them.", ExitCodes.Usage);
    }
}
