namespace Messaging.Cli.Keys;

/// <summary>The terminal of this process. Prompts go to standard error, so that standard output stays for programs.</summary>
internal sealed class ConsoleTerminal : ITerminal
{
    private const int MaxLength = 1024;

    public static ConsoleTerminal Instance { get; } = new();

    public bool CanAsk => !Console.IsInputRedirected;

    public bool Confirm(string question)
    {
        Console.Error.Write($"{question} Type yes: ");
        return string.Equals(Console.ReadLine()?.Trim(), "yes", StringComparison.OrdinalIgnoreCase);
    }

    public char[] ReadSecret(string prompt)
    {
        Console.Error.Write(prompt);

        // One buffer, so that no copies are left behind by growing.
        var typed = new char[MaxLength];
        var length = 0;

        // As a signal, Ctrl+C would have to wait for the key that is being read.
        Console.TreatControlCAsInput = true;
        try
        {
            while (true)
            {
                var key = Console.ReadKey(intercept: true);
                switch (key.Key)
                {
                    case ConsoleKey.Enter:
                        return typed.AsSpan(0, length).ToArray();
                    case ConsoleKey.Backspace:
                        length = Math.Max(0, length - 1);
                        break;
                    case ConsoleKey.U when key.Modifiers.HasFlag(ConsoleModifiers.Control):
                        length = 0;
                        break;
                    case ConsoleKey.C or ConsoleKey.D when key.Modifiers.HasFlag(ConsoleModifiers.Control):
                        throw new OperationCanceledException();
                    default:
                        if (!char.IsControl(key.KeyChar) && length < MaxLength)
                        {
                            typed[length++] = key.KeyChar;
                        }

                        break;
                }
            }
        }
        finally
        {
            Array.Clear(typed);
            Console.TreatControlCAsInput = false;
            Console.Error.WriteLine();
        }
    }
}
