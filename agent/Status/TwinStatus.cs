using Messaging.Agent.Twin;
using Messaging.Twin;

namespace Messaging.Agent.Status;

/// <summary>How far the device is with its desired state.</summary>
/// <param name="Version">Of the desired state.</param>
/// <param name="Converged">How many properties are as they are wanted.</param>
/// <param name="Converging">How many are not yet.</param>
/// <param name="Drifted">How many were, and are being healed.</param>
/// <param name="Failed">How many cannot be.</param>
/// <param name="Healed">How often one was healed.</param>
internal sealed record TwinStatus(long Version, int Converged, int Converging, int Drifted, int Failed, long Healed)
{
    /// <summary>The first that waits, and what for.</summary>
    public string? Waits { get; init; }

    /// <summary>The first that failed, and why.</summary>
    public string? Problem { get; init; }

    public static TwinStatus Of(ulong version, List<TwinProperty> properties)
    {
        var counts = new int[4];
        var healed = 0L;
        string? waits = null;
        string? problem = null;
        foreach (var property in properties)
        {
            counts[(int)property.Status.State]++;
            healed += property.Status.Healed;
            if (property.Status.State == PropertyState.Failed)
            {
                problem ??= Text(property);
            }
            else if (property.Status.State != PropertyState.Converged)
            {
                waits ??= Text(property);
            }
        }

        return new TwinStatus((long)version, counts[0], counts[1], counts[2], counts[3], healed) { Waits = waits, Problem = problem };
    }

    private static string Text(TwinProperty property) => $"{TwinProperties.Word(property.Kind)} {property.Name}: {property.Status.Detail}";
}
