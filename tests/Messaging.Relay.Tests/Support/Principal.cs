using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Relay.Tests.Support;

/// <summary>Somebody with an identity key.</summary>
internal sealed class Principal : IDisposable
{
    public Principal()
    {
        Key = IdentityKey.Generate();
        Id = PrincipalId.FromIdentityKey(Key.Public);
    }

    public IdentityKey Key { get; private set; }

    public PrincipalId Id { get; }

    public string Name => Id.ToString();

    public DirectoryEntry Entry(DirectoryStatus status = DirectoryStatus.Active, params PrincipalId[] groups) =>
        new(Id, Key.Public.Point.ToArray(), status, groups);

    /// <summary>Takes a new key; the id stays.</summary>
    public void Rotate()
    {
        Key.Dispose();
        Key = IdentityKey.Generate();
    }

    public void Dispose() => Key.Dispose();
}
