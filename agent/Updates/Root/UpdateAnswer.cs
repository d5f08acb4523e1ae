using System.Text;

namespace Messaging.Agent.Updates.Root;

/// <summary>What came of a request, in one line: <c>WORD PHASE REASON NEXT TEXT</c>.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Phase">How far the update is now.</param>
/// <param name="Reason">A reason of receipts; empty when there is none.</param>
/// <param name="Text">For people.</param>
internal sealed record UpdateAnswer(UpdateOutcome Outcome, UpdatePhase Phase, string Reason, string Text)
{
    /// <summary>What the helper does after it has answered: <c>restart-agent</c>, <c>reboot</c>; empty: nothing.</summary>
    public string Next { get; init; } = "";

    /// <summary>A longer text is cut.</summary>
    public const int MaxBytes = 2048;

    private static readonly string[] Outcomes = ["done", "failed", "refused", "later"];
    private static readonly string[] Phases = ["none", "staged", "switching", "switched", "committing", "committed", "reverting", "reverted"];

    /// <summary>The word for a phase.</summary>
    public static string Word(UpdatePhase phase) => Phases[(int)phase];

    /// <summary>The phase of a word; none, when it is no such word.</summary>
    public static UpdatePhase PhaseOf(string word) => Array.IndexOf(Phases, word) is > 0 and var index ? (UpdatePhase)index : UpdatePhase.None;

    /// <param name="line">With or without its line feed.</param>
    /// <returns>Null when it is none.</returns>
    public static UpdateAnswer? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length > MaxBytes)
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(line).TrimEnd('\n').Split(' ', 5);
        return parts.Length == 5 && Array.IndexOf(Outcomes, parts[0]) is >= 0 and var outcome && Array.IndexOf(Phases, parts[1]) is >= 0 and var phase
            ? new UpdateAnswer((UpdateOutcome)outcome, (UpdatePhase)phase, Plain(parts[2]), parts[4]) { Next = Plain(parts[3]) }
            : null;
    }

    /// <summary>With its line feed.</summary>
    public byte[] Format()
    {
        var bytes = Encoding.UTF8.GetBytes($"{Outcomes[(int)Outcome]} {Phases[(int)Phase]} {Dashed(Reason)} {Dashed(Next)} {Text.ReplaceLineEndings(" ")}");
        return [.. bytes.AsSpan(0, Math.Min(bytes.Length, MaxBytes - 1)), (byte)'\n'];
    }

    private static string Plain(string word) => word == "-" ? "" : word;

    private static string Dashed(string text) => text.Length == 0 ? "-" : text;
}
