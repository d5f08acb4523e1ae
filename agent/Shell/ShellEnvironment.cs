namespace Messaging.Agent.Shell;

/// <summary>What a shell gets: nothing of the agent's own, which may hold what is not for everybody.</summary>
internal static class ShellEnvironment
{
    private const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <param name="account">Whose shell it is.</param>
    /// <param name="terminal">TERM.</param>
    public static List<string> Of(ShellAccount account, string terminal) =>
    [
        .. WithoutAccount(terminal),
        "HOME=" + account.Home,
        "USER=" + account.Name,
        "LOGNAME=" + account.Name,
        "SHELL=" + account.Shell,
    ];

    /// <summary>For a program that sets the rest itself.</summary>
    public static List<string> WithoutAccount(string terminal) =>
        ["TERM=" + terminal, "PATH=" + SearchPath, "LANG=" + (Environment.GetEnvironmentVariable("LANG") ?? "C.UTF-8")];
}
