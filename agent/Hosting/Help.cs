using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Messaging.Agent.Hosting;

/// <summary>The library's help with the examples of the command, or of every command, behind it.</summary>
internal sealed class Help(HelpAction inner) : SynchronousCommandLineAction
{
    public static void AddTo(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new Help((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var code = inner.Invoke(parseResult);
        var examples = new List<(string Line, string Why)>();
        Find(parseResult.CommandResult.Command, most: int.MaxValue, examples);
        var width = 0;
        foreach (var (line, _) in examples)
        {
            width = Math.Max(width, line.Length);
        }

        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var (line, why) in examples)
        {
            output.WriteLine($"  {line.PadRight(width)}  {why}");
        }

        return code;
    }

    private static void Find(Command command, int most, List<(string Line, string Why)> examples)
    {
        if (command is Verb verb)
        {
            for (var i = 0; i < verb.Examples.Count && i < most; i++)
            {
                examples.Add(verb.Examples[i]);
            }

            return;
        }

        foreach (var sub in command.Subcommands)
        {
            Find(sub, most: 1, examples);
        }
    }
}
