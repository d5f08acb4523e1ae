using Messaging.Agent.Status;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Scripts;

/// <summary>Says by what scripts are held, where any may be run.</summary>
internal sealed class LimitStatus(ScriptCgroups cgroups, CommandPolicy policy) : IStatusPart
{
    public void Contribute(StatusBuilder status)
    {
        if (policy.Allowed.Contains(CommandTypes.RunScript) || policy.Allowed.Contains(CommandTypes.RunInline))
        {
            status.ScriptsHeldBy = cgroups.Describe();
        }
    }
}
