using Microsoft.Data.Sqlite;

namespace Messaging.Relay.Storage;

/// <summary>Says what to do about a file that cannot be used.</summary>
internal static class StoreFault
{
    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="consequence">What follows when it is moved away: a clause, with its period.</param>
    /// <param name="open">Opens it.</param>
    /// <exception cref="InvalidDataException">The file cannot be used, and what to do about it.</exception>
    public static T Explain<T>(string path, string consequence, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception exception) when (exception is SqliteException or InvalidDataException)
        {
            throw new InvalidDataException(
                $"The file {path} cannot be used: {exception.Message} Restore it from a backup, or move it away with its -wal and -shm: {consequence}", exception);
        }
    }
}
