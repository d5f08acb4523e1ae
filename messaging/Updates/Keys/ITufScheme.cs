namespace Messaging.Updates.Keys;

/// <summary>A kind of keys whose signatures a client can verify. What is not handed to a client is not linked into its program.</summary>
public interface ITufScheme
{
    /// <summary>Whether it is for keys of this type and scheme.</summary>
    bool CanVerify(string keyType, string scheme);

    /// <summary>The one form of a public key, so that a key that stands there twice is seen; null when it is none.</summary>
    /// <param name="publicKey">As metadata has it.</param>
    byte[]? Import(string publicKey);

    /// <summary>Whether a signature is right; false for one that is malformed.</summary>
    /// <param name="key">Of <see cref="Import"/>.</param>
    /// <param name="data">What was signed.</param>
    /// <param name="signature">As metadata has it, without the hexadecimal digits.</param>
    bool Verify(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}
