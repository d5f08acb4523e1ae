using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Server;
using Messaging.Cli.Verbs;
using Messaging.Wire;

namespace Messaging.Cli.Recordings;

/// <summary>DEVICE/COMMAND, or a file that was downloaded.</summary>
internal static class RecordingPlace
{
    public const string Name = "RECORDING";

    public const string Description = "DEVICE/COMMAND, as fleetctl recordings list shows it, or a sealed recording in a file.";

    /// <summary>The recording, sealed; what the server says of it is held against it.</summary>
    /// <exception cref="CliException">It is not there, or another one.</exception>
    public static async Task<SealedRecording> OpenAsync(CommonOptions common, ParseResult parsed, string place, CancellationToken ct)
    {
        if (File.Exists(place))
        {
            return SealedRecording.Of(place);
        }

        if (!TrySplit(place, out var device, out var command))
        {
            throw new CliException($"{TerminalText.Line(place)} is neither a file nor DEVICE/COMMAND, each 32 hexadecimal digits. See: fleetctl recordings list", ExitCodes.Usage);
        }

        var settings = common.Read(parsed);
        using var session = await FleetSession.OpenAsync(settings, settings.ReadToken(), Seen.Of(common, parsed), parsed.InvocationConfiguration.Error, ct);

        // Sealed as it is, it may lie on a disk.
        var file = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            await session.Api.CopyRecordingAsync(device, command, file, ct);
            await file.FlushAsync(ct);
            return new SealedRecording(place, file);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>That it is the one that was asked for: a server could show another one of the same auditor.</summary>
    /// <exception cref="CliException">It is not.</exception>
    public static void Require(string place, OpenedView opened)
    {
        if (!File.Exists(place) && $"{opened.Device}/{opened.Command}" != place)
        {
            throw new CliException($"The server shows the recording {opened.Device}/{opened.Command} as {place}. Nothing of it is shown.");
        }
    }

    private static bool TrySplit(string place, out PrincipalId device, out CommandId command)
    {
        var slash = place.IndexOf('/', StringComparison.Ordinal);
        command = default;
        device = default;
        return slash > 0 && PrincipalId.TryParse(place[..slash], out device) && CommandId.TryParse(place[(slash + 1)..], out command);
    }
}
