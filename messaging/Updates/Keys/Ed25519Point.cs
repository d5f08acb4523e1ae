using static Messaging.Updates.Keys.Ed25519Field;

namespace Messaging.Updates.Keys;

/// <summary>
/// Points of edwards25519 in extended coordinates X, Y, Z, T (RFC 8032, section 5.1.4), one after the other. The one addition is complete:
/// it is right for all pairs of points, equal ones too.
/// </summary>
internal static class Ed25519Point
{
    public const int PointWords = 4 * Words;

    private static ReadOnlySpan<uint> D => [0x135978a3, 0x75eb4dca, 0x4141d8ab, 0x00700a4d, 0x7779e898, 0x8cc74079, 0x2b6ffe73, 0x52036cee];

    private static ReadOnlySpan<uint> RootOfMinusOne => [0x4a0ea0b0, 0xc4ee1b27, 0xad2fe478, 0x2f431806, 0x3dfbd7a7, 0x2b4d0099, 0x4fc1df0b, 0x2b832480];

    private static ReadOnlySpan<uint> One => [1, 0, 0, 0, 0, 0, 0, 0];

    private static ReadOnlySpan<uint> Zero => [0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The base point, as it is written.</summary>
    public static ReadOnlySpan<byte> Base =>
    [
        0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
        0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
    ];

    public static void SetNeutral(Span<uint> point)
    {
        point.Clear();
        point[Words] = 1;
        point[2 * Words] = 1;
    }

    /// <summary>RFC 8032, section 5.1.3. False when the bytes are no point, or not the one form of it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, Span<uint> point)
    {
        Span<uint> x = point[..Words], y = point[Words..(2 * Words)];
        Span<uint> u = stackalloc uint[Words], v = stackalloc uint[Words], power = stackalloc uint[Words], square = stackalloc uint[Words];
        if (!Ed25519Field.TryRead(bytes, y))
        {
            return false;
        }

        // x² = u/v = (y² - 1) / (d y² + 1); its root, if it has one, is u v³ (u v⁷)^((p-5)/8), or that times the root of -1.
        Multiply(y, y, square);
        Subtract(square, One, u);
        Multiply(square, D, v);
        Ed25519Field.Add(v, One, v);
        Multiply(v, v, x);
        Multiply(x, v, x);
        Multiply(x, x, power);
        Multiply(power, v, power);
        Multiply(power, u, power);
        Power(power, 252, 0b10, power);
        Multiply(x, u, x);
        Multiply(x, power, x);
        Multiply(x, x, square);
        Multiply(square, v, square);
        if (!AreEqual(square, u))
        {
            Ed25519Field.Add(square, u, square);
            if (!AreEqual(square, Zero))
            {
                return false;
            }

            Multiply(x, RootOfMinusOne, x);
        }

        var isOdd = bytes[^1] >> 7;
        if (isOdd == 1 && AreEqual(x, Zero))
        {
            return false;
        }

        if (IsOdd(x) != (isOdd == 1))
        {
            Subtract(Zero, x, x);
        }

        One.CopyTo(point[(2 * Words)..]);
        Multiply(x, y, point[(3 * Words)..]);
        return true;
    }

    /// <summary>RFC 8032, section 5.1.2.</summary>
    public static void Write(ReadOnlySpan<uint> point, Span<byte> bytes)
    {
        Span<uint> inverse = stackalloc uint[Words], x = stackalloc uint[Words], y = stackalloc uint[Words];
        Power(point[(2 * Words)..(3 * Words)], 255, 0b10100, inverse);
        Multiply(point[..Words], inverse, x);
        Multiply(point[Words..(2 * Words)], inverse, y);
        Ed25519Field.Write(y, bytes);
        bytes[^1] |= (byte)(IsOdd(x) ? 0x80 : 0);
    }

    public static void Add(ReadOnlySpan<uint> left, ReadOnlySpan<uint> right, Span<uint> result)
    {
        Span<uint> a = stackalloc uint[Words], b = stackalloc uint[Words], c = stackalloc uint[Words], d = stackalloc uint[Words];
        Span<uint> e = stackalloc uint[Words], f = stackalloc uint[Words];
        Subtract(left[Words..], left, a);
        Subtract(right[Words..], right, b);
        Multiply(a, b, a);
        Ed25519Field.Add(left[Words..], left, b);
        Ed25519Field.Add(right[Words..], right, c);
        Multiply(b, c, b);
        Multiply(left[(3 * Words)..], right[(3 * Words)..], c);
        Multiply(c, D, c);
        Ed25519Field.Add(c, c, c);
        Multiply(left[(2 * Words)..], right[(2 * Words)..], d);
        Ed25519Field.Add(d, d, d);
        Subtract(b, a, e);
        Ed25519Field.Add(b, a, b);
        Subtract(d, c, f);
        Ed25519Field.Add(d, c, d);
        Multiply(e, f, result);
        Multiply(d, b, result[Words..]);
        Multiply(f, d, result[(2 * Words)..]);
        Multiply(e, b, result[(3 * Words)..]);
    }

    public static void Negate(Span<uint> point)
    {
        Subtract(Zero, point, point);
        Subtract(Zero, point[(3 * Words)..], point[(3 * Words)..]);
    }

    /// <summary>Whether eight times the point is the neutral one: anybody can sign with such a key.</summary>
    public static bool IsOfSmallOrder(ReadOnlySpan<uint> point)
    {
        Span<uint> eight = stackalloc uint[PointWords];
        Add(point, point, eight);
        Add(eight, eight, eight);
        Add(eight, eight, eight);
        return AreEqual(eight, Zero) && AreEqual(eight[Words..], eight[(2 * Words)..]);
    }

    private static bool IsOdd(ReadOnlySpan<uint> value)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        Ed25519Field.Write(value, bytes);
        return (bytes[0] & 1) == 1;
    }
}
