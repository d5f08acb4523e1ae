using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Crypto;

/// <summary>Conversions between the platform's key parameters and the profile's points and scalars.</summary>
internal static class P256Scalar
{
    private const string P256Oid = "1.2.840.10045.3.1.7";

    private static readonly byte[] Order = Convert.FromHexString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    public static bool IsP256(ECParameters parameters) =>
        parameters.Curve.IsNamed
        && (parameters.Curve.Oid.Value is { } oid ? oid == P256Oid : parameters.Curve.Oid.FriendlyName is "nistP256" or "ECDSA_P256" or "ECDH_P256");

    public static byte[] Point(ECParameters parameters)
    {
        var point = new byte[WireLimits.PointBytes];
        point[0] = 0x04;
        parameters.Q.X!.CopyTo(point, 1);
        parameters.Q.Y!.CopyTo(point, 33);
        return point;
    }

    /// <summary>True from 1 to the group's order - 1.</summary>
    public static bool IsInRange(ReadOnlySpan<byte> scalar) =>
        scalar.Length == Order.Length && scalar.ContainsAnyExcept((byte)0) && scalar.SequenceCompareTo(Order) < 0;

    public static ECParameters ToParameters(ReadOnlySpan<byte> scalar) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        D = scalar.ToArray(),
    };
}
