using System.Globalization;
using System.Text;

namespace Messaging.Agent.Packages;

/// <summary>What came of a request, in one line: <c>STATE CODE TEXT</c>; the code is apt's, or a minus.</summary>
/// <param name="State">In a word.</param>
/// <param name="ExitCode">Of the last program that was run; null: of none.</param>
/// <param name="Text">For people.</param>
internal sealed record PackageAnswer(PackageState State, int? ExitCode, string Text)
{
    /// <summary>A longer text is cut.</summary>
    public const int MaxBytes = 4096;

    private static readonly string[] Words = ["done", "failed", "cancelled", "refused"];

    /// <param name="line">With or without its line feed.</param>
    /// <returns>Null when it is none.</returns>
    public static PackageAnswer? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length > MaxBytes)
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(line).TrimEnd('\n').Split(' ', 3);
        if (parts.Length < 3 || Array.IndexOf(Words, parts[0]) is var state && state < 0)
        {
            return null;
        }

        return parts[1] == "-" ? new PackageAnswer((PackageState)state, null, parts[2])
            : int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code) ? new PackageAnswer((PackageState)state, code, parts[2])
            : null;
    }

    /// <summary>With its line feed.</summary>
    public byte[] Format()
    {
        var code = ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "-";
        var bytes = Encoding.UTF8.GetBytes($"{Words[(int)State]} {code} {Text.ReplaceLineEndings(" ")}");
        return [.. bytes.AsSpan(0, Math.Min(bytes.Length, MaxBytes - 1)), (byte)'\n'];
    }
}
