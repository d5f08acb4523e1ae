using System.Text;
using Messaging.Relay.Mqtt;
using Messaging.Relay.Mqtt.Access;
using Messaging.Relay.Mqtt.Durability;
using Messaging.Relay.Storage;
using Messaging.Relay.Users;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Relay.Tests.Users;

/// <summary>Users whose passwords are cheap to verify: "the password of" and their name, and what else is said.</summary>
internal static class Some
{
    public static string PasswordOf(string name) => $"the password of {name}";

    public static MqttUser User(string name, IReadOnlyList<string>? publish = null, IReadOnlyList<string>? subscribe = null, string? password = null) =>
        new(name, MqttPassword.Create(Encoding.UTF8.GetBytes(password ?? PasswordOf(name)), MqttPassword.MinIterations), publish ?? [], subscribe ?? []);

    /// <summary>Replaces the file of users, as the command does.</summary>
    public static void Write(string path, params ReadOnlySpan<MqttUser> users) => WriteBytes(path, MqttUserFile.Serialize(users.ToArray()));

    public static void WriteBytes(string path, byte[] content)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        {
            file.Write(content);
        }

        File.Move(temporary, path, overwrite: true);
    }

    public static UserDirectory Directory(string path)
    {
        var time = new FakeTimeProvider();
        var journal = new BrokerJournal(new RelayStore(":memory:", NullLogger<RelayStore>.Instance), time, NullLogger<BrokerJournal>.Instance);
        return new UserDirectory(path, new Broker(new BrokerOptions(), time, journal), NullLogger<UserDirectory>.Instance);
    }

    /// <summary>A directory of these users, whose file is gone again.</summary>
    public static UserDirectory DirectoryOf(params ReadOnlySpan<MqttUser> users)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("users-test-");
        var path = Path.Combine(folder.FullName, MqttUserFile.Name);
        Write(path, users);
        var directory = Directory(path);
        directory.Load();
        folder.Delete(recursive: true);
        return directory;
    }

    public static Permissions Permissions(MqttUser user)
    {
        var permissions = new Permissions(DirectoryOf(user), user, NullLogger.Instance);
        permissions.Name("client"u8);
        return permissions;
    }
}
