namespace Messaging.Agent.Configuration;

/// <summary>What the fleet wants this device to be like (<c>desired-set</c>), and what it may want.</summary>
internal sealed class TwinOptions
{
    /// <summary>Options that may be set from afar; <c>*</c> is a wildcard. Others never are.</summary>
    public string Settings { get; set; } = "Intervals:*";

    /// <summary>How often everything is compared with what is wanted.</summary>
    public TimeSpan Check { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a program has to say that it uses a value.</summary>
    public TimeSpan AppDeadline { get; set; } = TimeSpan.FromMinutes(2);

    public IReadOnlyList<string> SettingList() => ValueList.Split(Settings);
}
