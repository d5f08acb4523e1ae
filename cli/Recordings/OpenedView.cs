using Messaging.Cli.Hosting;

namespace Messaging.Cli.Recordings;

/// <summary>A recording that was opened.</summary>
/// <param name="Device">Who recorded it: verified by its signature.</param>
/// <param name="Command">The command that opened the shell.</param>
/// <param name="StartedAt">By the device's clock; null when it had none that it believed.</param>
/// <param name="Ended">complete, or broken-off: nothing is known of what came after.</param>
/// <param name="Sha256">Of the sealed recording: what the device's record says as well.</param>
/// <param name="SealedBytes">Its size.</param>
/// <param name="File">Where the cast was written; null: nowhere.</param>
internal sealed record OpenedView(string Device, string Command, DateTimeOffset? StartedAt, string Ended, string Sha256, long SealedBytes, string? File)
{
    public IEnumerable<string> Lines()
    {
        yield return $"Device     {Device}, which has signed it";
        yield return $"Command    {Command}";
        yield return $"Started    {(StartedAt is { } at ? TerminalText.Time(at) : "not known")}";
        yield return $"Ended      {Ended}";
        yield return $"SHA-256    {Sha256} ({SealedBytes} bytes, sealed)";
    }
}
