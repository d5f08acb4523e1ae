namespace Messaging.Agent.Logs.Journal;

/// <summary>Where journal files are. libsystemd takes an absent journal, and one that may not be read, for an empty one; this tells them apart.</summary>
/// <param name="folder">Empty: the system's.</param>
internal sealed class JournalPlace(string folder)
{
    private static readonly string[] SystemFolders = ["/var/log/journal", "/run/log/journal"];

    private readonly string[] _folders = folder.Length > 0 ? [folder] : SystemFolders;

    /// <summary>Why nothing can be read, or null.</summary>
    public string? Problem()
    {
        string? unreadable = null;
        foreach (var path in _folders.Where(Directory.Exists))
        {
            try
            {
                foreach (var file in Directory.EnumerateFiles(path, "*.journal", SearchOption.AllDirectories))
                {
                    if (IsReadable(file))
                    {
                        return null;
                    }

                    unreadable = file;
                }
            }
            catch (UnauthorizedAccessException)
            {
                unreadable = path;
            }
            catch (DirectoryNotFoundException)
            {
                // Gone since then.
            }
        }

        return unreadable is null ? $"there is no journal in {string.Join(" or ", _folders)}" : $"{unreadable} may not be read";
    }

    private static bool IsReadable(string file)
    {
        try
        {
            using var handle = File.OpenHandle(file);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
