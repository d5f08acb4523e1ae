namespace Messaging.Agent.Configuration;

/// <summary>How updates (<c>update</c>) are fetched and installed.</summary>
internal sealed class UpdateOptions
{
    /// <summary>What this device is, besides what it finds out: tags of releases.</summary>
    public string Hardware { get; set; } = "";

    /// <summary>Base addresses of repositories, tried before the fleet's own.</summary>
    public string Mirrors { get; set; } = "";

    /// <summary>Bytes a second; 0 is no limit.</summary>
    public long Rate { get; set; }

    /// <summary>Larger artifacts are not fetched.</summary>
    public long MaxBytes { get; set; } = 4L * 1024 * 1024 * 1024;

    /// <summary>What is always left free of the file system.</summary>
    public long KeepFree { get; set; } = 64 * 1024 * 1024;

    /// <summary>Whether artifacts are fetched over a link that costs by the byte: yes, no.</summary>
    public string OnMetered { get; set; } = "no";

    /// <summary>Socket of the helper that installs as root.</summary>
    public string Helper { get; set; } = "/run/messaging-agent-updates.sock";

    /// <summary>Where the helper keeps what is installed.</summary>
    public string Installed { get; set; } = "/var/lib/messaging-agent-updates";

    public IReadOnlyList<string> HardwareList() => ValueList.Split(Hardware);

    public IReadOnlyList<string> MirrorList() => ValueList.Split(Mirrors);
}
