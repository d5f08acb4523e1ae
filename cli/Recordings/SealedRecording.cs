using Messaging.Cli.Hosting;
using Messaging.Crypto;
using Messaging.Recordings;

namespace Messaging.Cli.Recordings;

/// <summary>A recording that is still sealed, in a file.</summary>
/// <param name="name">As people call it.</param>
/// <param name="file">Disposed with this.</param>
internal sealed class SealedRecording(string name, FileStream file) : IDisposable
{
    private const int MaxCast = 1 << 30;

    /// <exception cref="IOException">It cannot be read.</exception>
    public static SealedRecording Of(string path) => new(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));

    /// <summary>Verifies and opens all of it: what is in it is shown whole or not at all.</summary>
    /// <param name="key">A recipient's.</param>
    /// <param name="cast">Receives what was recorded.</param>
    /// <exception cref="CliException">It is not what it should be, or not for this key.</exception>
    public OpenedView Open(HpkeKeyPair key, Stream cast)
    {
        var verdict = RecordingReader.Begin((offset, buffer) => Read(offset, buffer), key, out var reader);
        using (reader)
        {
            while (verdict == RecordingVerdict.Content)
            {
                verdict = reader.Next(out var content);
                if (cast.Length + content.Length > MaxCast)
                {
                    throw new CliException($"{name} is larger than a device records.");
                }

                cast.Write(content);
            }

            return verdict is RecordingVerdict.Complete or RecordingVerdict.BrokenOff
                ? new OpenedView(
                    reader.Head!.Device.ToString(),
                    reader.Head.Command.ToString(),
                    reader.Head.StartedUnixMs is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
                    verdict == RecordingVerdict.Complete ? RecordingEnd.Complete : RecordingEnd.BrokenOff,
                    Convert.ToHexStringLower(reader.Sha256),
                    reader.Length,
                    null)
                : throw new CliException(Problem(verdict, reader.Head));
        }
    }

    public void Dispose() => file.Dispose();

    private int Read(long offset, Span<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length && RandomAccess.Read(file.SafeFileHandle, buffer[total..], offset + total) is > 0 and var read)
        {
            total += read;
        }

        return total;
    }

    private string Problem(RecordingVerdict verdict, RecordingHead? head) => verdict switch
    {
        RecordingVerdict.NotARecording => $"{name} is no recording, or was cut off before it began.",
        RecordingVerdict.NotSigned => $"{name} is not signed by the device that it names: somebody else has made it, or changed it.",
        RecordingVerdict.OtherRecipient => $"{name} is not sealed to this key, but to {string.Join(", ", head!.Recipients)}. Give the file of one of these: --key FILE",
        _ => $"{name} was changed after the device had made it: something is missing, added, or in another place. Nothing of it is shown.",
    };
}
