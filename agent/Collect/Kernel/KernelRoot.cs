namespace Messaging.Agent.Collect.Kernel;

/// <summary>Where /proc and /sys are: elsewhere in tests, and in containers that mount the host's.</summary>
internal sealed record KernelRoot(string Proc, string Sys)
{
    public static KernelRoot System { get; } = new("/proc", "/sys");

    public KernelPath ProcFile(string relative) => new(Path.Combine(Proc, relative));

    public string SysPath(string relative) => Path.Combine(Sys, relative);
}
