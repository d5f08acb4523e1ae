namespace Messaging.Cli.Audit;

internal static class Hex
{
    /// <summary>Exactly so many bytes.</summary>
    public static bool TryRead(string? text, int size, out byte[] bytes)
    {
        var ok = text is not null && text.Length == size * 2 && text.All(char.IsAsciiHexDigitLower);
        bytes = ok ? Convert.FromHexString(text!) : [];
        return ok;
    }
}
