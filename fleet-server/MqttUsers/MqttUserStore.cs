using Messaging.FleetServer.Storage;
using Messaging.Relay.Users;

namespace Messaging.FleetServer.MqttUsers;

/// <summary>The users of MQTT in a data folder, changed by one command at a time, beside a running server or without one.</summary>
internal static class MqttUserStore
{
    private const string LockName = "mqtt-users.lock";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>All users, by name.</summary>
    /// <exception cref="InvalidDataException">There is no folder, or the file is damaged.</exception>
    public static IReadOnlyList<MqttUser> Read(string folder) => MqttUserFile.Read(PathIn(folder)) ?? [];

    /// <summary>Changes the users: what comes out of <paramref name="change"/> is in the file, durably, when this ends.</summary>
    /// <exception cref="InvalidDataException">There is no folder, the file is damaged, or another command changes it all the time.</exception>
    public static async Task ChangeAsync(string folder, Action<Dictionary<string, MqttUser>> change, CancellationToken cancellationToken)
    {
        var path = PathIn(folder);
        using var turn = await TakeTurnAsync(folder, cancellationToken);
        var users = Read(folder).ToDictionary(static user => user.Name, StringComparer.Ordinal);
        change(users);
        if (users.Count > MqttUserFile.MaxUsers)
        {
            throw new InvalidDataException($"There are {MqttUserFile.MaxUsers} users already: more are not taken. One name may serve many devices; %c in its filters keeps them apart.");
        }

        DurableFile.Replace(path, MqttUserFile.Serialize(users.Values));
    }

    private static string PathIn(string folder) => Directory.Exists(folder)
        ? Path.Combine(folder, MqttUserFile.Name)
        : throw new InvalidDataException($"There is no folder {folder}. Start the server once, or name its folder with --data.");

    /// <summary>A lock of the system, which ends with the process however it ends; nothing tells when another gives it back.</summary>
    private static async Task<FileStream> TakeTurnAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, LockName);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException held) when (File.Exists(path))
            {
                if (TimeProvider.System.GetElapsedTime(since) > Patience)
                {
                    throw new InvalidDataException($"Another command holds {path} for more than {Patience.TotalSeconds:0} s. Look for it, and try again.", held);
                }
            }

            await Task.Delay(Step, TimeProvider.System, cancellationToken);
        }
    }
}
