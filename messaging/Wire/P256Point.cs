using System.Security.Cryptography;

namespace Messaging.Wire;

/// <summary>Checks uncompressed P-256 points before any platform code sees them, so that every platform refuses the same ones.</summary>
internal static class P256Point
{
    /// <summary>5ac635d8 aa3a93e7 b3ebbd55 769886bc 651d06b0 cc53b0f6 3bce3c3e 27d2604b, the lowest word first.</summary>
    private static ReadOnlySpan<uint> B => [0x27d2604b, 0x3bce3c3e, 0xcc53b0f6, 0x651d06b0, 0x769886bc, 0xb3ebbd55, 0xaa3a93e7, 0x5ac635d8];

    private static ReadOnlySpan<uint> Three => [3, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>
    /// True for 0x04 || x || y with both coordinates below p and y² = x³ - 3x + b. Infinity has no such form; the curve's cofactor is 1,
    /// so that a point on it is in the right group (SP 800-56A, section 5.6.2.3.4).
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> point)
    {
        Span<uint> x = stackalloc uint[P256Field.Words];
        Span<uint> y = stackalloc uint[P256Field.Words];
        if (point.Length != WireLimits.PointBytes || point[0] != 0x04 || !P256Field.TryRead(point[1..33], x) || !P256Field.TryRead(point[33..], y))
        {
            return false;
        }

        // x³ - 3x + b = (x² - 3) x + b
        Span<uint> right = stackalloc uint[P256Field.Words];
        P256Field.Multiply(x, x, right);
        P256Field.Add(right, Three, right, subtract: true);
        P256Field.Multiply(right, x, right);
        P256Field.Add(right, B, right);
        P256Field.Multiply(y, y, y);
        return right.SequenceEqual(y);
    }

    public static ECParameters ToParameters(ReadOnlySpan<byte> point) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() },
    };
}
