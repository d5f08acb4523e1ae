namespace Messaging.Cli.Audit;

internal static class Base64
{
    public static bool TryRead(string? text, out byte[] bytes)
    {
        bytes = new byte[text?.Length ?? 0];
        var ok = Convert.TryFromBase64String(text ?? "", bytes, out var length) && length > 0;
        bytes = ok ? bytes[..length] : [];
        return ok;
    }
}
