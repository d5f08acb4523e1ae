using System.Globalization;

namespace Messaging.StartupProfile;

/// <summary>What a runtime writes with <c>DOTNET_JitStdOutFile</c> and <c>DOTNET_JitDisasmSummary=1</c>.</summary>
internal static class JitLog
{
    private const string Before = "JIT compiled ", After = " [", Size = "IL size=";

    /// <summary>Gets each method once, sorted; stubs, which only a running process makes, are left out.</summary>
    public static IEnumerable<string> Methods(IEnumerable<string> lines, int leastIlBytes) => lines
        .Select(static line => Parse(line))
        .Where(method => method.IlBytes >= leastIlBytes && !method.Name.StartsWith('('))
        .Select(static method => method.Name)
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);

    /// <summary>Reads <c>   1: JIT compiled TYPE:NAME(PARAMETERS) [Tier0, IL size=68, code size=231]</c>; of another line the size is negative.</summary>
    private static (string Name, int IlBytes) Parse(string line)
    {
        var (begin, end, size) = (line.IndexOf(Before, StringComparison.Ordinal), line.LastIndexOf(After, StringComparison.Ordinal), line.LastIndexOf(Size, StringComparison.Ordinal));
        if (begin < 0 || end < begin || size < end)
        {
            return ("", -1);
        }

        var number = line.AsSpan(size + Size.Length);
        var digits = number.IndexOfAnyExceptInRange('0', '9');
        return (line[(begin + Before.Length)..end], int.Parse(digits < 0 ? number : number[..digits], CultureInfo.InvariantCulture));
    }
}
