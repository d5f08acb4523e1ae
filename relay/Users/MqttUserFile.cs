using System.Text.Json;

namespace Messaging.Relay.Users;

/// <summary>
/// The users of the generic MQTT namespace as one file of JSON. It is read strictly: a server that guesses what a damaged file meant would let in whom nobody named.
/// </summary>
public static class MqttUserFile
{
    /// <summary>Its name, in the server's data folder.</summary>
    public const string Name = "mqtt-users.json";

    /// <summary>Bytes of the file at most.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>Users at most.</summary>
    public const int MaxUsers = 10_000;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Reads the file.</summary>
    /// <returns>Null: there is none.</returns>
    /// <exception cref="InvalidDataException">It is damaged, or others may read it; the message says what to do.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be read.</exception>
    public static IReadOnlyList<MqttUser>? Read(string path) => ReadBytes(path) is { } bytes ? Parse(bytes, path) : null;

    /// <summary>Reads what the file holds.</summary>
    /// <param name="json">Its content.</param>
    /// <param name="path">Where it was, for messages.</param>
    /// <exception cref="InvalidDataException">It is damaged; the message says what to do.</exception>
    public static IReadOnlyList<MqttUser> Parse(ReadOnlySpan<byte> json, string path)
    {
        if (json.Length > MaxBytes)
        {
            throw Damaged(path, $"it has more than {MaxBytes} bytes");
        }

        UsersDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(json, UsersJson.Default.UsersDocument);
        }
        catch (JsonException error)
        {
            // The message of the exception may hold a piece of the file, and so of a hash.
            throw Damaged(path, $"what stands {(error.LineNumber is { } line ? $"in line {line + 1}" : "there")} is not as it was written{(error.Path is { Length: > 1 } at ? $" ({at[..Math.Min(at.Length, 80)]})" : "")}");
        }

        if (document is not { Version: UsersDocument.CurrentVersion })
        {
            throw Damaged(path, $"it is not of version {UsersDocument.CurrentVersion}");
        }

        if (document.Users.Count > MaxUsers)
        {
            throw Damaged(path, $"it has more than {MaxUsers} users");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        return [.. document.Users.Select((user, index) => ToUser(user, index, names, path))];
    }

    /// <summary>What <see cref="Parse"/> reads, by name.</summary>
    public static byte[] Serialize(IEnumerable<MqttUser> users) => JsonSerializer.SerializeToUtf8Bytes(
        new UsersDocument(UsersDocument.CurrentVersion, [.. users.OrderBy(static user => user.Name, StringComparer.Ordinal).Select(ToDocument)]),
        UsersJson.Plain.UsersDocument);

    internal static byte[]? ReadBytes(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new InvalidDataException($"{path} may not be read by {Environment.UserName}: make it a file of the user that the server runs as (chown). Commands are run as that user.", error);
        }

        using (file)
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != UnixFileMode.None)
            {
                throw new InvalidDataException($"{path} holds hashes of passwords, and others than its owner may use it: chmod 600 {path}");
            }

            if (file.Length > MaxBytes)
            {
                throw Damaged(path, $"it has more than {MaxBytes} bytes");
            }

            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
    }

    private static MqttUser ToUser(UsersDocument.User user, int index, HashSet<string> names, string path)
    {
        if (user is null)
        {
            throw Damaged(path, $"user {index + 1} is none");
        }

        if (MqttUserRules.NameProblem(user.Name) is { } badName)
        {
            throw Damaged(path, $"of user {index + 1}: {badName}");
        }

        if (!names.Add(user.Name))
        {
            throw Damaged(path, $"the user {user.Name} is there twice");
        }

        foreach (var filters in (ReadOnlySpan<IReadOnlyList<string>>)[user.Publish, user.Subscribe])
        {
            if (filters.Count > MqttUserRules.MaxFilters)
            {
                throw Damaged(path, $"the user {user.Name} has more than {MqttUserRules.MaxFilters} filters");
            }

            foreach (var filter in filters)
            {
                if (filter is null || MqttUserRules.FilterProblem(filter) is not null)
                {
                    throw Damaged(path, $"of user {user.Name}: {(filter is null ? "a filter is none." : MqttUserRules.FilterProblem(filter))}");
                }
            }
        }

        if (user.Password.Algorithm != UsersDocument.Password.Pbkdf2)
        {
            throw Damaged(path, $"the password of user {user.Name} is not hashed by {UsersDocument.Password.Pbkdf2}");
        }

        try
        {
            return new MqttUser(user.Name, new MqttPassword(user.Password.Iterations, user.Password.Salt, user.Password.Hash), [.. user.Publish], [.. user.Subscribe]);
        }
        catch (ArgumentException error)
        {
            throw Damaged(path, $"the password of user {user.Name}: {error.Message}");
        }
    }

    private static UsersDocument.User ToDocument(MqttUser user) => new(
        user.Name,
        new UsersDocument.Password(UsersDocument.Password.Pbkdf2, user.Password.Iterations, user.Password.Salt.ToArray(), user.Password.Hash.ToArray()),
        user.Publish,
        user.Subscribe);

    private static InvalidDataException Damaged(string path, string what) => new(
        $"{path} cannot be used: {what.TrimEnd('.')}. Restore it from a backup, or move it away and add the users again (fleet-server mqtt-user add).");
}
