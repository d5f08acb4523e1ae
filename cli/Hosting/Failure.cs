namespace Messaging.Cli.Hosting;

/// <summary>Turns what can go wrong into one line and an exit code.</summary>
internal static class Failure
{
    public static async Task<int> GuardAsync(TextWriter error, Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (CliException e)
        {
            return Say(error, e.Message, e.Code);
        }
        catch (OperationCanceledException)
        {
            return Say(error, "Stopped.", ExitCodes.Interrupted);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Say(error, e.Message, ExitCodes.Failed);
        }
    }

    public static int Say(TextWriter error, string message, int code)
    {
        error.WriteLine("fleetctl: " + TerminalText.Line(message));
        return code;
    }
}
