using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Messaging.FleetServer.Hosting;

/// <summary>Puts text below the help that is made from the options.</summary>
internal static class HelpExamples
{
    /// <summary>To the help of the program.</summary>
    public static void AddTo(RootCommand root, string text)
    {
        if (root.Options.OfType<HelpOption>().SingleOrDefault() is { Action: SynchronousCommandLineAction standard } help)
        {
            help.Action = new Extended(standard, text);
        }
    }

    /// <summary>To the help of one command, which gets a help option of its own.</summary>
    public static void AddTo(Command command, string text)
    {
        var help = new HelpOption();
        if (help.Action is SynchronousCommandLineAction standard)
        {
            help.Action = new Extended(standard, text);
        }

        command.Add(help);
    }

    private sealed class Extended(SynchronousCommandLineAction standard, string text) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var result = standard.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(text);
            return result;
        }
    }
}
