using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Messaging.Cli.Commands;

/// <summary>
/// A sequence number as it is kept: 20 digits, a space, and the first 8 hexadecimal digits of the digits' SHA-256. A number that was cut
/// or changed must not be taken for a lower one.
/// </summary>
internal static class SequenceText
{
    public const int Bytes = NumberDigits + 1 + CheckDigits + 1;

    private const int NumberDigits = 20;
    private const int CheckDigits = 8;

    public static byte[] Encode(ulong number)
    {
        var digits = number.ToString("D20", CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetBytes($"{digits} {Check(digits)}\n");
    }

    /// <summary>False for anything that <see cref="Encode"/> does not make.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out ulong number)
    {
        number = 0;
        return bytes.Length == Bytes
            && ulong.TryParse(bytes[..NumberDigits], NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && bytes.SequenceEqual(Encode(number));
    }

    private static string Check(string digits) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(digits)))[..CheckDigits];
}
