namespace Messaging.Relay.Users;

/// <summary>All users at one moment. Immutable.</summary>
internal sealed class UserTable(IEnumerable<MqttUser> users)
{
    private readonly Dictionary<string, MqttUser> _byName = users.ToDictionary(static user => user.Name, StringComparer.Ordinal);

    public int Count => _byName.Count;

    public MqttUser? Find(string name) => _byName.GetValueOrDefault(name);
}
