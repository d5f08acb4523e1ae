using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Enrolment;

/// <summary>
/// What an operator copies to a device: "mt1." and the base64url text (no padding) of [1, baseUrl, rootFingerprint(32), tokenId(16),
/// secret(16)]. The fingerprint makes the fleet's root key known before the first word, so there is no trust on first use.
/// </summary>
public sealed class EnrolmentToken
{
    /// <summary>What every token begins with.</summary>
    public const string Prefix = "mt1.";

    /// <summary>The token's id and its secret, each in bytes.</summary>
    public const int PartBytes = 16;

    private const int MaxUrlBytes = 512;
    private const int MaxTextChars = 1024;

    /// <summary>A token of these parts.</summary>
    /// <param name="baseUrl">The server's address, http or https, absolute.</param>
    /// <param name="rootFingerprint">SHA-256 of the fleet's root point, 32 bytes.</param>
    /// <param name="tokenId">The token's public name, 16 bytes.</param>
    /// <param name="secret">What proves that one has the token, 16 bytes.</param>
    public EnrolmentToken(Uri baseUrl, ReadOnlyMemory<byte> rootFingerprint, ReadOnlyMemory<byte> tokenId, ReadOnlyMemory<byte> secret)
    {
        ArgumentNullException.ThrowIfNull(baseUrl);
        if (rootFingerprint.Length != WireLimits.HashBytes || tokenId.Length != PartBytes || secret.Length != PartBytes)
        {
            throw new ArgumentException("A token has a fingerprint of 32 bytes, an id of 16 and a secret of 16.", nameof(secret));
        }

        BaseUrl = baseUrl;
        RootFingerprint = rootFingerprint;
        TokenId = tokenId;
        Secret = secret;
    }

    /// <summary>The server's address.</summary>
    public Uri BaseUrl { get; }

    /// <summary>SHA-256 of the fleet's root point, 32 bytes.</summary>
    public ReadOnlyMemory<byte> RootFingerprint { get; }

    /// <summary>The token's public name, 16 bytes.</summary>
    public ReadOnlyMemory<byte> TokenId { get; }

    /// <summary>What proves that one has the token, 16 bytes.</summary>
    public ReadOnlyMemory<byte> Secret { get; }

    /// <summary>Reads a token's text; white space around it is ignored.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EnrolmentToken? token)
    {
        token = null;
        var trimmed = text.AsSpan().Trim();
        if (trimmed.Length > MaxTextChars
            || !trimmed.StartsWith(Prefix, StringComparison.Ordinal)
            || !Base64UrlText.TryDecode(trimmed[Prefix.Length..], out var bytes))
        {
            return false;
        }

        var reader = new CborReader(bytes);
        if (!reader.TryReadArray(5)
            || !reader.TryReadExpected(1)
            || !reader.TryReadText(out var url, MaxUrlBytes)
            || !Uri.TryCreate(url, UriKind.Absolute, out var baseUrl)
            || (baseUrl.Scheme != Uri.UriSchemeHttps && baseUrl.Scheme != Uri.UriSchemeHttp)
            || !reader.TryReadFixedBytes(WireLimits.HashBytes, out var fingerprint)
            || !reader.TryReadFixedBytes(PartBytes, out var tokenId)
            || !reader.TryReadFixedBytes(PartBytes, out var secret)
            || !reader.AtEnd)
        {
            return false;
        }

        token = new EnrolmentToken(baseUrl, fingerprint.ToArray(), tokenId.ToArray(), secret.ToArray());
        return true;
    }

    /// <summary>The token's text, with its secret: for the operator's eyes only.</summary>
    public string Format() => Prefix + Base64Url.EncodeToString(MessageBuffer.Write(this, static (token, ref writer) =>
    {
        writer.WriteArrayHead(5);
        writer.WriteUInt64(1);
        writer.WriteText(token.BaseUrl.OriginalString, MaxUrlBytes);
        writer.WriteBytes(token.RootFingerprint.Span);
        writer.WriteBytes(token.TokenId.Span);
        writer.WriteBytes(token.Secret.Span);
    }));

    /// <summary>Names the token without its secret.</summary>
    public override string ToString() => $"enrolment token {Convert.ToHexStringLower(TokenId.Span)} of {BaseUrl}";
}
