using System.Security.Cryptography;
using Messaging.Updates.Metadata;

namespace Messaging.Updates.Client;

/// <summary>Verifies a target while its bytes come (TUF 5.7.3). What they are written to is not to be used before <see cref="Finish"/> has returned.</summary>
public sealed class TargetVerifier : IDisposable
{
    private readonly TargetFile _target;
    private readonly IncrementalHash? _sha256;
    private readonly IncrementalHash? _sha512;

    /// <summary>Before the first byte.</summary>
    /// <exception cref="TufException">No hash of it is known here: <see cref="TufFailure.WrongHash"/>.</exception>
    public TargetVerifier(TargetFile target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Hashes.Prefix is null)
        {
            throw new TufException(TufFailure.WrongHash, target.Path, "neither its sha256 nor its sha512 is listed");
        }

        _target = target;
        _sha256 = target.Hashes.Sha256 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _sha512 = target.Hashes.Sha512 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
    }

    /// <summary>How many bytes were taken.</summary>
    public long Length { get; private set; }

    /// <summary>How many are left.</summary>
    public long Left => _target.Length - Length;

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="TufException">There are more than are listed: <see cref="TufFailure.EndlessData"/>. None of them was taken.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Left)
        {
            throw new TufException(TufFailure.EndlessData, _target.Path, $"it has more than {_target.Length} bytes");
        }

        Length += bytes.Length;
        _sha256?.AppendData(bytes);
        _sha512?.AppendData(bytes);
    }

    /// <summary>Returns when the target is whole and is what is listed.</summary>
    /// <exception cref="TufException"><see cref="TufFailure.WrongLength"/> or <see cref="TufFailure.WrongHash"/>.</exception>
    public void Finish()
    {
        if (Left > 0)
        {
            throw new TufException(TufFailure.WrongLength, _target.Path, $"it has {Length} bytes, not {_target.Length}");
        }

        if (!IsRight(_sha256, _target.Hashes.Sha256) || !IsRight(_sha512, _target.Hashes.Sha512))
        {
            throw new TufException(TufFailure.WrongHash, _target.Path, "its hash is not the one that is listed");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sha256?.Dispose();
        _sha512?.Dispose();
    }

    private static bool IsRight(IncrementalHash? hash, byte[]? listed) => hash is null || hash.GetHashAndReset().AsSpan().SequenceEqual(listed);
}
