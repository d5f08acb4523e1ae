namespace Messaging.Agent.Configuration;

/// <summary>Files that programs move into the folder <c>files</c> of <see cref="LocalOptions.Drop"/>.</summary>
internal sealed class FilesOptions
{
    /// <summary><c>no</c>: none are taken.</summary>
    public string Enabled { get; set; } = "yes";

    /// <summary>Larger ones are rejected.</summary>
    public long MaxBytes { get; set; } = 512 * 1024 * 1024;

    /// <summary>Bytes of files a day (UTC); 0 is no limit.</summary>
    public long DayBytes { get; set; }

    /// <summary>Bytes of files a second; 0 is no limit.</summary>
    public long Rate { get; set; }

    /// <summary>The share of the time, in percent, in which chunks of files may be on their way.</summary>
    public int UplinkShare { get; set; } = 50;
}
