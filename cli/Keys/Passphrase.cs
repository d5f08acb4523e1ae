namespace Messaging.Cli.Keys;

/// <summary>What opens a key. Dispose erases it.</summary>
internal sealed class Passphrase(char[] text) : IDisposable
{
    public ReadOnlySpan<char> Text => text;

    /// <summary>In characters as people count them.</summary>
    public int Length
    {
        get
        {
            var length = 0;
            foreach (var _ in Text.EnumerateRunes())
            {
                length++;
            }

            return length;
        }
    }

    public void Dispose() => Array.Clear(text);
}
