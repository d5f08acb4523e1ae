using Messaging.Agent.Configuration;
using Messaging.Twin;

namespace Messaging.Agent.Twin;

/// <summary>Values for the device's own programs: the agent offers them, and a program says which one it uses.</summary>
internal sealed class AppSubject(AppValues values, AgentOptions options) : ITwinSubject
{
    public PropertyKind Kind => PropertyKind.App;

    public PropertyLimits Limits { get; } = new(options.Twin.AppDeadline, 0, TimeSpan.Zero, TriesAgain: false);

    public void Take(DesiredState state) => values.Take(state.App);

    public Task BeginAsync(CancellationToken ct) => Task.CompletedTask;

    public Look Look(string name)
    {
        if (TwinRules.App(options) is { } closed)
        {
            return Twin.Look.Impossible(closed);
        }

        var (wanted, reported, error) = values.Of(name);
        return error is not null ? new Look(LookKind.Impossible, $"a program says: {error}", reported)
            : reported is null ? Twin.Look.Waiting("waits for a program to say that it uses it")
            : reported == wanted ? new Look(LookKind.Same, "", reported)
            : new Look(LookKind.Different, "a program says that it uses another", reported);
    }

    public Task<string?> ActAsync(string name, CancellationToken ct) => Task.FromResult<string?>(null);
}
