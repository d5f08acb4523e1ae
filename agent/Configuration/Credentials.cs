namespace Messaging.Agent.Configuration;

/// <summary>What systemd hands to this process alone (LoadCredential= and the like in systemd.exec(5)): files in a folder that it names.</summary>
internal static class Credentials
{
    public const string EnrolmentToken = "enrolment-token";
    public const string ProxyPassword = "proxy-password";
    private const string FolderVariable = "CREDENTIALS_DIRECTORY";

    /// <summary>As a drop-in names them, and as the units find them by themselves: plain, and encrypted at rest.</summary>
    private static readonly (string Prefix, string Suffix)[] Forms = [("", ""), ("messaging-agent.", ""), ("messaging-agent.", ".cred")];

    /// <param name="name">Which one.</param>
    /// <param name="environment">Reads a variable.</param>
    /// <returns>Its path, or null when there is none.</returns>
    public static string? Find(string name, Func<string, string?> environment)
    {
        if (environment(FolderVariable) is not { Length: > 0 } folder)
        {
            return null;
        }

        foreach (var (prefix, suffix) in Forms)
        {
            var path = Path.Combine(folder, prefix + name + suffix);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
