using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Messaging.Cli.Hosting;

/// <summary>The library's help with the examples of the command, or of every command, behind it.</summary>
internal sealed class Help(HelpAction inner) : SynchronousCommandLineAction
{
    /// <summary>Who asks for help has not typed what is required yet.</summary>
    public override bool ClearsParseErrors => true;

    public static void AddTo(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new Help((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var code = inner.Invoke(parseResult);
        var examples = Of(parseResult.CommandResult.Command, first: false).ToList();
        var width = examples.Max(item => item.Line.Length);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var (line, why) in examples)
        {
            output.WriteLine($"  {line.PadRight(width)}  {why}");
        }

        return code;
    }

    private static IEnumerable<(string Line, string Why)> Of(Command command, bool first) => command is Verb verb
        ? first ? verb.Examples.Take(1) : verb.Examples
        : command.Subcommands.SelectMany(sub => Of(sub, first: true));
}
