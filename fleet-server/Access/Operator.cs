namespace Messaging.FleetServer.Access;

/// <summary>Somebody who may sign in.</summary>
internal sealed class Operator
{
    /// <summary>32 lower hex digits, random.</summary>
    public required string Id { get; init; }

    /// <summary>As its owner writes it.</summary>
    public required string Username { get; set; }

    /// <summary>The user name in lower case: unique, and what is looked up at sign-in.</summary>
    public required string NormalizedUsername { get; set; }

    /// <summary>An Argon2id hash in the PHC string format, with its own parameters and salt.</summary>
    public required string PasswordHash { get; set; }

    public OperatorRole Role { get; set; }

    /// <summary>May not sign in; sessions are ended when it is set.</summary>
    public bool Disabled { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastSignInAt { get; set; }
}
