using Messaging.Agent.Configuration;
using Messaging.Agent.Packages;
using Messaging.Agent.Systemd;

namespace Messaging.Agent.Helper;

/// <summary>What the machine's root lets the agent have done. Pure.</summary>
/// <param name="File">Where it stands, for people.</param>
/// <param name="Units">Units that may be restarted, with wildcards.</param>
/// <param name="Reboot">The machine may be restarted.</param>
/// <param name="RebootAfter">Not before it is up for this long: an agent that somebody else rules cannot keep it from coming up.</param>
internal sealed record HelperPolicy(string File, IReadOnlyList<string> Units, bool Reboot, TimeSpan RebootAfter)
{
    /// <summary>The user whose shells may be opened; empty: nobody's.</summary>
    public string Shell { get; init; } = "";

    /// <summary>What may be done with packages.</summary>
    public PackagePolicy Packages { get; init; } = new(File, [], []);

    /// <summary>Kinds of updates that may be installed.</summary>
    public IReadOnlyList<string> UpdateKinds { get; init; } = ["agent"];

    /// <summary>What was installed is kept beside, so that later updates can be fetched as deltas.</summary>
    public bool UpdateKeep { get; init; } = true;

    /// <summary>Null, or why it is not done and what root would have to do.</summary>
    public string? Judge(HelperRequest request, TimeSpan uptime) => request switch
    {
        HelperRequest.RestartUnit restart => UnitName.IsMatch(Units, restart.Unit)
            ? null
            : $"{File} does not list it: as root, write Units = {string.Join(", ", [.. Units, restart.Unit])} there, under [Helper].",
        HelperRequest.Reboot when !Reboot => $"{File} does not allow it: as root, write Reboot = yes there, under [Helper].",
        HelperRequest.Reboot when uptime < RebootAfter =>
            $"the machine is up for {(long)uptime.TotalSeconds} s only, and {File} wants {OptionText.Write(RebootAfter)} (RebootAfter).",
        HelperRequest.Reboot => null,
        _ => "there is no such request.",
    };
}
