using System.Numerics;
using System.Security.Cryptography;

namespace Messaging.Wire;

/// <summary>Checks uncompressed P-256 points before any platform code sees them, so that every platform refuses the same ones.</summary>
internal static class P256Point
{
    private static readonly BigInteger P = Parse("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static readonly BigInteger B = Parse("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

    /// <summary>
    /// True for 0x04 || x || y with both coordinates below p and y² = x³ - 3x + b. Infinity has no such form; the curve's cofactor is 1,
    /// so that a point on it is in the right group (SP 800-56A, section 5.6.2.3.4).
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> point)
    {
        if (point.Length != WireLimits.PointBytes || point[0] != 0x04)
        {
            return false;
        }

        var x = new BigInteger(point[1..33], isUnsigned: true, isBigEndian: true);
        var y = new BigInteger(point[33..], isUnsigned: true, isBigEndian: true);
        return x < P && y < P && ((y * y) - ((((x * x) - 3) * x) + B)) % P == 0;
    }

    public static ECParameters ToParameters(ReadOnlySpan<byte> point) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() },
    };

    private static BigInteger Parse(string hex) => new(Convert.FromHexString(hex), isUnsigned: true, isBigEndian: true);
}
