using System.Buffers;
using System.Globalization;
using System.Text;
using Messaging.Commands;

namespace Messaging.Agent.Packages;

/// <summary>
/// What the agent asks the helper for packages: one line of ASCII, one space between words, a line feed at the end and nothing after it.
/// <c>run ID real|try ACTION FLAGS SECONDS [PACKAGE...]</c>, <c>follow ID OFFSET</c> or <c>cancel ID</c>. docs/reference/agent.md describes it.
/// </summary>
internal sealed class PackageRequest
{
    /// <summary>64 packages of two times 128 bytes, and what stands before them.</summary>
    public const int MaxBytes = 20 * 1024;

    private const int IdLength = 32;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>What is asked for.</summary>
    public required PackageVerb Verb { get; init; }

    /// <summary>The command: 32 lower-case hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Only say what would be done.</summary>
    public bool IsDryRun { get; init; }

    public PackageAction Action { get; init; }

    public bool AllowDowngrade { get; init; }

    public bool WithRecommends { get; init; }

    /// <summary>How long it may take.</summary>
    public int Seconds { get; init; }

    public IReadOnlyList<PackageReference> Packages { get; init; } = [];

    /// <summary>From where its output is wanted, in bytes.</summary>
    public long Offset { get; init; }

    /// <param name="line">With its line feed.</param>
    /// <returns>Null when it is none.</returns>
    public static PackageRequest? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length is 0 or > MaxBytes || line[^1] != '\n' || line[..^1].ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return null;
        }

        var words = Encoding.ASCII.GetString(line[..^1]).Split(' ');
        if (words.Length < 2 || !IsId(words[1]))
        {
            return null;
        }

        return words switch
        {
            ["cancel", var id] => new PackageRequest { Verb = PackageVerb.Cancel, Id = id },
            ["follow", var id, var from] when long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) =>
                new PackageRequest { Verb = PackageVerb.Follow, Id = id, Offset = offset },
            ["run", ..] when words.Length >= 6 => ParseRun(words),
            _ => null,
        };
    }

    public byte[] Format()
    {
        var line = new StringBuilder();
        switch (Verb)
        {
            case PackageVerb.Run:
                line.Append("run ").Append(Id).Append(IsDryRun ? " try " : " real ").Append(PackagesArguments.Word(Action)).Append(' ')
                    .Append(AllowDowngrade ? "d" : "").Append(WithRecommends ? "r" : "").Append(AllowDowngrade || WithRecommends ? " " : "- ").Append(CultureInfo.InvariantCulture, $"{Seconds}");
                foreach (var package in Packages)
                {
                    line.Append(' ').Append(package.ToString());
                }

                break;
            case PackageVerb.Follow:
                line.Append(CultureInfo.InvariantCulture, $"follow {Id} {Offset}");
                break;
            default:
                line.Append("cancel ").Append(Id);
                break;
        }

        return Encoding.ASCII.GetBytes(line.Append('\n').ToString());
    }

    /// <summary>For the log.</summary>
    public override string ToString() => Encoding.ASCII.GetString(Format()).TrimEnd();

    private static bool IsId(string text) => text.Length == IdLength && !text.AsSpan().ContainsAnyExcept(HexDigits);

    private static PackageRequest? ParseRun(string[] words)
    {
        if (words[2] is not ("real" or "try")
            || PackagesArguments.ParseAction(words[3]) is not { } action
            || words[4] is not ("-" or "d" or "r" or "dr")
            || !int.TryParse(words[5], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds is < 1 or > RunLimits.MaxSeconds)
        {
            return null;
        }

        var packages = new PackageReference[words.Length - 6];
        for (var i = 0; i < packages.Length; i++)
        {
            if (!PackageReference.TryParse(words[i + 6], out packages[i]!))
            {
                return null;
            }
        }

        var (downgrade, recommends) = (words[4].Contains('d', StringComparison.Ordinal), words[4].Contains('r', StringComparison.Ordinal));
        return PackagesArguments.Check(action, packages, downgrade, recommends) is not null ? null : new PackageRequest
        {
            Verb = PackageVerb.Run,
            Id = words[1],
            IsDryRun = words[2] == "try",
            Action = action,
            AllowDowngrade = downgrade,
            WithRecommends = recommends,
            Seconds = seconds,
            Packages = packages,
        };
    }
}
