namespace Messaging.Relay.Users;

/// <summary>The file of users, as it is written.</summary>
/// <param name="Version">Of the format.</param>
/// <param name="Users">All users.</param>
internal sealed record UsersDocument(int Version, IReadOnlyList<UsersDocument.User> Users)
{
    public const int CurrentVersion = 1;

    internal sealed record User(string Name, Password Password, IReadOnlyList<string> Publish, IReadOnlyList<string> Subscribe);

    /// <param name="Algorithm">How it is hashed.</param>
    /// <param name="Iterations">Rounds.</param>
    /// <param name="Salt">Base64.</param>
    /// <param name="Hash">Base64.</param>
    internal sealed record Password(string Algorithm, int Iterations, byte[] Salt, byte[] Hash)
    {
        public const string Pbkdf2 = "pbkdf2-hmac-sha256";
    }
}
