namespace Messaging.Wire;

/// <summary>What a relay must know of a principal to let it in; nothing that could open its records.</summary>
/// <param name="Id">The principal.</param>
/// <param name="IdentityPoint">Its current identity key, 65 bytes.</param>
/// <param name="Status">Whether it may connect.</param>
/// <param name="Groups">The groups whose downlink it may subscribe.</param>
public sealed record DirectoryEntry(PrincipalId Id, byte[] IdentityPoint, DirectoryStatus Status, IReadOnlyList<PrincipalId> Groups);
