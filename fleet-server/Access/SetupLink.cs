namespace Messaging.FleetServer.Access;

/// <summary>
/// The one-time secret by which the first owner is made. A new one is made at every start while there is no owner; only its hash
/// is held, and it is in the fragment of the link, which browsers send to no server.
/// </summary>
internal sealed class SetupLink(Operators operators)
{
    private volatile string? _hash;

    /// <summary>Makes the secret if there is no owner; null otherwise.</summary>
    public async Task<string?> IssueAsync(CancellationToken cancellationToken)
    {
        if (await operators.AnyOwnerAsync(cancellationToken))
        {
            return null;
        }

        var secret = SecretText.Create();
        _hash = SecretText.Hash(secret);
        return secret;
    }

    public bool Accepts(string secret) => _hash is { } hash && SecretText.FixedTimeEquals(hash, SecretText.Hash(secret));

    public void Close() => _hash = null;
}
