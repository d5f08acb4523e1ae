using Messaging.Relay.Users;

namespace Messaging.FleetServer.MqttUsers;

/// <summary>All users of MQTT, as <c>mqtt-user list --json</c> shows them: without anything of their passwords.</summary>
internal sealed record MqttUserList(IReadOnlyList<MqttUserList.Item> Users)
{
    public static MqttUserList Of(IEnumerable<MqttUser> users) =>
        new([.. users.OrderBy(static user => user.Name, StringComparer.Ordinal).Select(static user => new Item(user.Name, user.Publish, user.Subscribe))]);

    internal sealed record Item(string Name, IReadOnlyList<string> Publish, IReadOnlyList<string> Subscribe);
}
