namespace Messaging.Epochs;

/// <summary>The label byte strings of epochs and records.</summary>
internal static class EpochLabels
{
    public const ulong Suite = 1;
    public const int SecretBytes = 32;

    /// <summary>external_aad of the EpochOpen's COSE_Sign1.</summary>
    public static ReadOnlySpan<byte> Open => "messaging/1/epoch"u8;

    /// <summary>First part of the HPKE info under which the epoch secret is sealed.</summary>
    public static ReadOnlySpan<byte> Secret => "messaging/1/epoch-secret"u8;

    /// <summary>First part of the HKDF info of a stream's keys.</summary>
    public static ReadOnlySpan<byte> Record => "messaging/1/record"u8;

    /// <summary>First field of a record's external_aad.</summary>
    public static ReadOnlySpan<byte> Aad => "messaging/1"u8;
}
