namespace Messaging.Agent.Shell;

/// <summary>Who the shell runs as, as passwd(5) describes it.</summary>
/// <param name="name">Its name.</param>
/// <param name="home">Its home.</param>
/// <param name="shell">A program that exists and lets somebody in.</param>
internal sealed class ShellAccount(string name, string home, string shell)
{
    private const string PasswdFile = "/etc/passwd";
    private static readonly string[] Shells = ["/bin/bash", "/bin/sh"];

    public string Name { get; } = name;

    public string Home { get; } = home;

    public string Shell { get; } = shell;

    /// <param name="configured">What shall be started; empty: the user's login shell, or the system's where the user has none.</param>
    public static ShellAccount Current(string configured) => Parse(ReadLines(), TerminalNative.UserId(), configured, File.Exists);

    /// <summary>As passwd(5) describes a user.</summary>
    public static ShellAccount Of(uint user) => Parse(ReadLines(), user, "", File.Exists);

    /// <summary>Pure but for what exists.</summary>
    internal static ShellAccount Parse(IReadOnlyList<string> passwd, uint user, string configured, Func<string, bool> exists)
    {
        var (name, home, shell) = (user.ToString(), "/", "");
        foreach (var line in passwd)
        {
            // name:password:uid:gid:comment:home:shell
            var fields = line.Split(':');
            if (fields.Length == 7 && uint.TryParse(fields[2], out var id) && id == user)
            {
                (name, home, shell) = (fields[0], fields[5], fields[6]);
                break;
            }
        }

        if (configured.Length > 0)
        {
            return new ShellAccount(name, home, configured);
        }

        if (IsShell(shell) && exists(shell))
        {
            return new ShellAccount(name, home, shell);
        }

        foreach (var candidate in Shells)
        {
            if (exists(candidate))
            {
                return new ShellAccount(name, home, candidate);
            }
        }

        return new ShellAccount(name, home, Shells[^1]);
    }

    /// <summary>Service accounts have a program that lets nobody in.</summary>
    private static bool IsShell(string program) =>
        program.StartsWith('/') && !program.EndsWith("/nologin", StringComparison.Ordinal) && !program.EndsWith("/false", StringComparison.Ordinal);

    private static string[] ReadLines()
    {
        try
        {
            return File.ReadAllLines(PasswdFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A user without an entry has no name and no home, and gets a shell all the same.
            return [];
        }
    }
}
