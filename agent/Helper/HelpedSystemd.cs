using Messaging.Agent.Systemd;

namespace Messaging.Agent.Helper;

/// <summary>
/// systemd by way of the helper for what needs root, where there is a helper; else, and when the helper's file does not allow it, as the
/// agent's own user, whom polkit may allow it.
/// </summary>
internal sealed class HelpedSystemd(ISystemd own, HelperClient helper) : ISystemd
{
    private const string NoHelper =
        "there is no helper. As root: systemctl enable --now messaging-agent-helper.socket, and write into " + HelperPolicyFile.DefaultPath + " what is allowed.";

    private static readonly TimeSpan RebootLimit = TimeSpan.FromSeconds(30);

    public Task<IReadOnlyList<UnitState>> ListUnitsAsync(CancellationToken ct) => own.ListUnitsAsync(ct);

    public Task<IReadOnlyList<string>> ListRebootBlockersAsync(CancellationToken ct) => own.ListRebootBlockersAsync(ct);

    public async Task<string> RestartUnitAsync(string unit, TimeSpan deadline, CancellationToken ct)
    {
        var (answer, refusal) = await AskAsync(new HelperRequest.RestartUnit(unit, deadline), deadline, ct);
        return answer ?? await OwnAsync(() => own.RestartUnitAsync(unit, deadline, ct), refusal);
    }

    public async Task RebootAsync(CancellationToken ct)
    {
        var (answer, refusal) = await AskAsync(new HelperRequest.Reboot(), RebootLimit, ct);
        if (answer is null)
        {
            await OwnAsync(
                async () =>
                {
                    await own.RebootAsync(ct);
                    return true;
                },
                refusal);
        }
    }

    /// <returns>The result, or why the helper has none and the agent has to try by itself.</returns>
    private async Task<(string? Result, string Refusal)> AskAsync(HelperRequest request, TimeSpan limit, CancellationToken ct)
    {
        if (!helper.IsThere)
        {
            return (null, NoHelper);
        }

        // An invalid name is left to systemd, which says so.
        if (HelperRequest.Parse(request.Format()) is null)
        {
            return (null, "the helper takes no such name.");
        }

        var answer = await helper.AskAsync(request, limit, ct);
        return answer.Outcome switch
        {
            HelperOutcome.Done => (answer.Text, ""),
            HelperOutcome.Refused => (null, answer.Text),
            HelperOutcome.Failed when answer.Text.Split(' ', 2) is [var name, var text] => throw new SystemdException(name, text),
            HelperOutcome.Late => throw new TimeoutException(answer.Text),
            _ => throw new SystemdUnavailableException("the helper: " + answer.Text),
        };
    }

    private static async Task<T> OwnAsync<T>(Func<Task<T>> action, string refusal)
    {
        try
        {
            return await action();
        }
        catch (SystemdException e) when (e.IsDenied)
        {
            throw new SystemdException(e.ErrorName, refusal);
        }
    }
}
