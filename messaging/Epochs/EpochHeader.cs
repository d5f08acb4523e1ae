using System.Diagnostics.CodeAnalysis;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Epochs;

/// <summary>The signed, public part of an epoch's opening: what its sender claims, without the secret.</summary>
/// <param name="SenderId">The sender.</param>
/// <param name="EpochId">The epoch's random name.</param>
/// <param name="Parameters">What the sender says.</param>
/// <param name="Recipients">The key ids of those who can open the epoch's records.</param>
public sealed record EpochHeader(PrincipalId SenderId, EpochId EpochId, EpochParameters Parameters, IReadOnlyList<Kid> Recipients)
{
    /// <summary>Reads an EpochOpen frame and verifies its signature. Needs no private key.</summary>
    /// <param name="frame">The frame as it was received.</param>
    /// <param name="sender">The sender's identity key.</param>
    /// <param name="expectedSender">Who the transport says sent it.</param>
    /// <param name="header">The header.</param>
    /// <param name="error">Why not.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> frame, IdentityPublicKey sender, PrincipalId expectedSender,
        [NotNullWhen(true)] out EpochHeader? header, out EpochError error)
    {
        ArgumentNullException.ThrowIfNull(sender);
        header = null;
        if (!EpochOpenMessage.TryRead(frame, sender, expectedSender, out var message, out error))
        {
            return false;
        }

        header = message.ToHeader();
        return true;
    }
}
