using System.CommandLine;
using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Artifacts;

/// <summary>When a root or targets end. There is always an end: what devices believe for ever cannot be taken back.</summary>
internal static class ExpiresOption
{
    public static Option<string> Create(string name, string what) => new(name)
    {
        Description = $"When {what} end: {EndText.Forms.Replace(", or never", "", StringComparison.Ordinal)}.",
        HelpName = "DATE",
        DefaultValueFactory = _ => "365d",
    };

    /// <exception cref="CliException">It is no end, or none to come.</exception>
    public static DateTimeOffset Read(ParseResult parsed, Option<string> option)
    {
        var text = parsed.GetRequiredValue(option);
        return EndText.Parse(text, option.Name, TimeProvider.System.GetUtcNow()) is { } end
            ? DateTimeOffset.FromUnixTimeMilliseconds(end)
            : throw new CliException($"{option.Name} never: a repository always has an end, so that what is stolen does not count for ever. Renew it in time.", ExitCodes.Usage);
    }
}
