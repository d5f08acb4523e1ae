namespace Messaging.FleetServer.MqttUsers;

/// <summary>What was typed after <c>mqtt-user add</c> or <c>set</c>.</summary>
/// <param name="DataFolder">Null: where the server looks without --data.</param>
/// <param name="Name">The user.</param>
internal sealed record MqttUserArguments(string? DataFolder, string Name)
{
    public IReadOnlyList<string> Publish { get; init; } = [];

    public IReadOnlyList<string> Subscribe { get; init; } = [];

    /// <summary>Filters for both.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>The password is the first line of standard input.</summary>
    public bool PasswordStdin { get; init; }

    /// <summary>Another password is generated; when a user is added, that is so without being said.</summary>
    public bool NewPassword { get; init; }

    /// <summary>It may publish nothing any more.</summary>
    public bool NoPublish { get; init; }

    /// <summary>It may subscribe nothing any more.</summary>
    public bool NoSubscribe { get; init; }
}
