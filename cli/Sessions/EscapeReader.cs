namespace Messaging.Cli.Sessions;

/// <summary>
/// Finds <c>~.</c> at the beginning of a line, by which a session is left when the device does not answer any more. <c>~~</c> is one tilde. Pure.
/// </summary>
internal sealed class EscapeReader
{
    private const byte Tilde = (byte)'~';
    private bool _isLineStart = true;
    private bool _hasTilde;

    /// <param name="typed">What was typed.</param>
    /// <param name="wantsEnd">Whether it asks to leave; what is behind that is dropped.</param>
    /// <returns>What goes to the device.</returns>
    public byte[] Read(ReadOnlySpan<byte> typed, out bool wantsEnd)
    {
        wantsEnd = false;
        var output = new List<byte>(typed.Length + 1);
        foreach (var key in typed)
        {
            if (_hasTilde)
            {
                _hasTilde = false;
                if (key == (byte)'.')
                {
                    wantsEnd = true;
                    return [.. output];
                }

                output.Add(Tilde);
                if (key == Tilde)
                {
                    _isLineStart = false;
                    continue;
                }
            }
            else if (key == Tilde && _isLineStart)
            {
                _hasTilde = true;
                continue;
            }

            output.Add(key);
            _isLineStart = key is (byte)'\r' or (byte)'\n';
        }

        return [.. output];
    }
}
