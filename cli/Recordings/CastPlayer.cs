using System.Text;
using System.Text.Json;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Recordings;

/// <summary>Shows an asciicast v2.</summary>
internal static class CastPlayer
{
    /// <summary>What was shown, when: without the header and what is no output.</summary>
    /// <exception cref="CliException">It is none.</exception>
    public static IEnumerable<(double At, string Text)> Output(byte[] cast)
    {
        foreach (var line in Encoding.UTF8.GetString(cast).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            if (Read(line) is { } shown)
            {
                yield return shown;
            }
        }
    }

    /// <summary>As it went on, only faster.</summary>
    /// <param name="cast">What was recorded.</param>
    /// <param name="terminal">Where to.</param>
    /// <param name="speed">How many times as fast.</param>
    /// <param name="longest">Longer pauses are cut to this.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task PlayAsync(byte[] cast, TextWriter terminal, double speed, TimeSpan longest, TimeProvider time, CancellationToken ct)
    {
        var before = 0.0;
        foreach (var (at, text) in Output(cast))
        {
            var pause = TimeSpan.FromSeconds(Math.Min(Math.Max(0, at - before), longest.TotalSeconds) / speed);
            before = at;
            if (pause > TimeSpan.Zero)
            {
                await terminal.FlushAsync(ct);
                await Task.Delay(pause, time, ct);
            }

            await terminal.WriteAsync(text.AsMemory(), ct);
        }

        await terminal.FlushAsync(ct);
    }

    /// <summary>What was shown as lines of text, without what steers a terminal.</summary>
    public static string Text(byte[] cast)
    {
        var all = new StringBuilder();
        foreach (var (_, text) in Output(cast))
        {
            all.Append(text);
        }

        return TerminalText.Lines(WithoutSequences(all.ToString()).Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Replace("\a", "", StringComparison.Ordinal));
    }

    /// <summary>Without escape sequences (ECMA-48): CSI up to its final byte, strings such as a window's title up to their end, others of two characters.</summary>
    internal static string WithoutSequences(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\u001b' || i + 1 >= text.Length)
            {
                plain.Append(text[i]);
                continue;
            }

            var kind = text[++i];
            if (kind == '[')
            {
                do
                {
                    i++;
                }
                while (i < text.Length && text[i] is < '@' or > '~');
            }
            else if (kind is ']' or 'P' or '^' or '_' or 'X')
            {
                // Ends with BEL or ESC \.
                do
                {
                    i++;
                }
                while (i < text.Length && text[i] != '\a' && text[i] != '\u001b');
                i += i + 1 < text.Length && text[i] == '\u001b' ? 1 : 0;
            }
            else if (kind is '(' or ')' or '#' or '%')
            {
                i++;
            }
        }

        return plain.ToString();
    }

    private static (double At, string Text)? Read(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var one = document.RootElement;
            return one[1].GetString() == "o" ? (one[0].GetDouble(), one[2].GetString() ?? "") : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new CliException("What was recorded is no asciicast of version 2: the device has another version than this fleetctl.");
        }
    }
}
