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

    /// <summary>Whether neighbours on the local network are asked before repositories: yes, no.</summary>
    public string Neighbours { get; set; } = "no";

    /// <summary>Whether neighbours are given what was fetched: yes, no.</summary>
    public string Share { get; set; } = "no";

    /// <summary>What is kept of the disk for them.</summary>
    public long ShareBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>Bytes a second that they get; 0 is no limit.</summary>
    public long ShareRate { get; set; } = 2 * 1024 * 1024;

    /// <summary>Network interfaces on which there are neighbours; empty: those that look like a local network.</summary>
    public string Lan { get; set; } = "";

    /// <summary>Port of UDP and TCP on them.</summary>
    public int LanPort { get; set; } = 61317;

    /// <summary>Socket of the helper that installs as root.</summary>
    public string Helper { get; set; } = "/run/messaging-agent-updates.sock";

    /// <summary>Where the helper keeps what is installed.</summary>
    public string Installed { get; set; } = "/var/lib/messaging-agent-updates";

    public IReadOnlyList<string> HardwareList() => ValueList.Split(Hardware);

    public IReadOnlyList<string> LanList() => ValueList.Split(Lan);

    public IReadOnlyList<string> MirrorList() => ValueList.Split(Mirrors);
}
