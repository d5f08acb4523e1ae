namespace Messaging.Agent.Sensors.Kernel;

/// <summary>Names as the kernel makes them: letters and a number, such as <c>temp1</c>.</summary>
internal static class KernelName
{
    private const int MaxDigits = 3;

    /// <summary>The letters before the number.</summary>
    public static string Letters(string name) => name.TrimEnd("0123456789".ToCharArray());

    /// <summary>Whether it is one of these words with a number.</summary>
    public static bool IsNumbered(string name, params ReadOnlySpan<string> words) =>
        Letters(name) is var letters && name.Length - letters.Length is > 0 and <= MaxDigits && words.Contains(letters);
}
