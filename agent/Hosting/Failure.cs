using Messaging.Agent.Configuration;
using Messaging.Agent.Enrolment;
using Messaging.Agent.Identity;

namespace Messaging.Agent.Hosting;

/// <summary>Turns what can go wrong before anything runs into one line and an exit code.</summary>
internal static class Failure
{
    public static async Task<int> GuardAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (AgentOptionsException e)
        {
            return Say(e.Message, ExitCodes.Configuration);
        }
        catch (DamagedStateException e)
        {
            return Say(e.Message, ExitCodes.Configuration);
        }
        catch (EnrolmentException e)
        {
            return Say(e.Message, e.MayPass ? ExitCodes.Unavailable : ExitCodes.Failed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Say($"The state folder cannot be used: {e.Message} Is another user or a full disk in the way?", ExitCodes.State);
        }
    }

    public static int Say(string message, int code)
    {
        Console.Error.WriteLine("messaging-agent: " + message);
        return code;
    }
}
