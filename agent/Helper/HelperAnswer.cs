using System.Text;

namespace Messaging.Agent.Helper;

/// <summary>What came of a request: one line, a word and text behind it.</summary>
/// <param name="Outcome">The word.</param>
/// <param name="Text">For <see cref="HelperOutcome.Done"/> the job's result; for <see cref="HelperOutcome.Failed"/> the D-Bus error's name and its text; else why, for people.</param>
internal sealed record HelperAnswer(HelperOutcome Outcome, string Text)
{
    /// <summary>A longer text is cut.</summary>
    public const int MaxBytes = 4096;

    private static readonly (HelperOutcome Outcome, string Word)[] Words =
    [
        (HelperOutcome.Done, "done"), (HelperOutcome.Refused, "refused"), (HelperOutcome.Failed, "failed"), (HelperOutcome.Late, "late"),
        (HelperOutcome.Unavailable, "unavailable"),
    ];

    /// <returns>Null when it is none.</returns>
    public static HelperAnswer? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length is 0 or > MaxBytes || line[^1] != '\n')
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(line[..^1]).Split(' ', 2);
        var (outcome, word) = Array.Find(Words, one => one.Word == parts[0]);
        return word is null || parts.Length < 2 ? null : new HelperAnswer(outcome, parts[1]);
    }

    public byte[] Format()
    {
        var bytes = Encoding.UTF8.GetBytes($"{Array.Find(Words, one => one.Outcome == Outcome).Word} {Text.ReplaceLineEndings(" ")}");
        return [.. bytes.AsSpan(0, Math.Min(bytes.Length, MaxBytes - 1)), (byte)'\n'];
    }
}
