using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Messaging.Tests.Updates.Repository;

/// <summary>A P-256 key of a role.</summary>
internal sealed class TestKey
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>As python-tuf and others make it; nothing reads a meaning into it.</summary>
    public string Id { get; init; } = RandomNumberGenerator.GetHexString(64, lowercase: true);

    public string Pem => _key.ExportSubjectPublicKeyInfoPem();

    public JsonObject ToJson() => Json("ecdsa", "ecdsa-sha2-nistp256", Pem);

    public static JsonObject Json(string keyType, string scheme, string value) =>
        new() { ["keytype"] = keyType, ["scheme"] = scheme, ["keyval"] = new JsonObject { ["public"] = value } };

    public string Sign(byte[] data) =>
        Convert.ToHexStringLower(_key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
}
