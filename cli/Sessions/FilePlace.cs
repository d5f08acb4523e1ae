using Messaging.Cli.Hosting;

namespace Messaging.Cli.Sessions;

/// <summary>DEVICE:PATH</summary>
internal static class FilePlace
{
    /// <summary>What it is called on the command line.</summary>
    public const string Name = "DEVICE:PATH";

    /// <exception cref="CliException">It is none.</exception>
    public static (string Device, string Path) Split(string text)
    {
        var at = text.IndexOf(':', StringComparison.Ordinal);
        return at > 0 && text.Length > at + 1 && text[at + 1] == '/'
            ? (text[..at], text[(at + 1)..])
            : throw new CliException($"{text}: it takes the device, 32 hexadecimal digits, a colon, and the whole path there: 4fa2...:/srv/app/model.bin.", ExitCodes.Usage);
    }
}
