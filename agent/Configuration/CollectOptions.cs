namespace Messaging.Agent.Configuration;

internal sealed class CollectOptions
{
    /// <summary>Where the kernel's process files are.</summary>
    public string Proc { get; set; } = "/proc";

    /// <summary>Where the kernel's device files are.</summary>
    public string Sys { get; set; } = "/sys";

    /// <summary>Collectors that do not run.</summary>
    public string Disable { get; set; } = "";

    /// <summary>A collection that takes longer is reported and its samples are dropped.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many processes are reported by CPU, and again by memory.</summary>
    public int Processes { get; set; } = 5;

    /// <summary>Units whose state is reported; <c>*</c> is a wildcard.</summary>
    public string Units { get; set; } = "*.service";

    /// <summary>Upper bound of series; samples of further ones are dropped and reported.</summary>
    public int MaxSeries { get; set; } = 2000;

    public IReadOnlyList<string> DisableList() => ValueList.Split(Disable);

    public IReadOnlyList<string> UnitList() => ValueList.Split(Units);
}
