using Messaging.Cli.Hosting;
using Messaging.Wire;

namespace Messaging.Cli.Commands;

/// <summary>Which devices are meant: all, some by their ids, or those of a file.</summary>
internal static class DeviceChoice
{
    public const string All = "all";

    private const int MaxFileBytes = 8 * 1024 * 1024;

    /// <summary>The ids; null: all active devices.</summary>
    /// <param name="text"><c>all</c>, <c>id,id</c>, or a file with an id in each line; after # stands a remark.</param>
    /// <exception cref="CliException">It is none of these.</exception>
    public static IReadOnlyCollection<PrincipalId>? Read(string text)
    {
        if (text == All)
        {
            return null;
        }

        if (File.Exists(text))
        {
            if (new FileInfo(text).Length > MaxFileBytes)
            {
                throw new CliException($"{text} has more than {MaxFileBytes} bytes: it is no list of devices.", ExitCodes.Usage);
            }

            var number = 0;
            var ids = new HashSet<PrincipalId>();
            foreach (var line in File.ReadLines(text))
            {
                number++;
                var word = line.Split('#')[0].Trim();
                if (word.Length > 0)
                {
                    ids.Add(Parse(word) ?? throw new CliException($"{text}, line {number}: {TerminalText.Line(word)} is no device. A line has 32 hexadecimal digits.", ExitCodes.Usage));
                }
            }

            return ids.Count > 0 ? ids : throw new CliException($"{text} names no device.", ExitCodes.Usage);
        }

        return text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(word => Parse(word) ?? throw new CliException($"--devices {TerminalText.Line(text)}: it takes all, ids with commas between them, or a file that is there.", ExitCodes.Usage))
            .ToHashSet();
    }

    private static PrincipalId? Parse(string text) => PrincipalId.TryParse(text.ToLowerInvariant(), out var id) ? id : null;
}
