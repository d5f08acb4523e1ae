using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Messaging.Wire;

namespace Messaging.Twin;

/// <summary>A value of one of the device's own programs: [kind, text].</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its one form as a text.</param>
public sealed record AppValue(AppValueKind Kind, string Text)
{
    /// <summary>The most bytes of its text.</summary>
    public const int MaxTextBytes = 256;

    /// <summary>
    /// Numbers are below it, and 0 or at least <see cref="Least"/> from 0: within these, C# and JavaScript write the same digits. Others are texts.
    /// </summary>
    public const double Bound = 1e15;

    /// <summary>The least distance from 0.</summary>
    public const double Least = 1e-4;

    /// <summary>A truth.</summary>
    public static AppValue Of(bool value) => new(AppValueKind.Boolean, value ? "true" : "false");

    /// <summary>A number; null when it is beyond what one can be.</summary>
    public static AppValue? Of(double value) =>
        value == 0 ? new(AppValueKind.Number, "0")
        : Math.Abs(value) is >= Least and < Bound ? new(AppValueKind.Number, value.ToString(CultureInfo.InvariantCulture))
        : null;

    /// <summary>A text; null when it is too long, no Unicode, or has control characters.</summary>
    public static AppValue? Of(string text)
    {
        var value = new AppValue(AppValueKind.Text, text);
        return value.IsValid ? value : null;
    }

    /// <summary>
    /// What a program says, as a value of the kind that is wanted where it is one, else as a text. Null when it is none at all.
    /// </summary>
    public static AppValue? Like(AppValueKind kind, string text) => kind switch
    {
        AppValueKind.Boolean when text is "true" or "false" => new(kind, text),
        AppValueKind.Number when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Of(number) is { } value => value,
        _ => Of(text),
    };

    /// <summary>Whether it is in its one form and within its limits.</summary>
    public bool IsValid => Kind switch
    {
        AppValueKind.Boolean => Text is "true" or "false",
        AppValueKind.Number => double.TryParse(Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && Of(number)?.Text == Text,
        _ => Encoding.UTF8.GetByteCount(Text) <= MaxTextBytes && TwinText.IsClean(Text),
    };

    internal static bool TryRead(ref CborReader reader, [NotNullWhen(true)] out AppValue? value)
    {
        value = null;
        if (!reader.TryReadArray(2) || !reader.TryReadInt32(out var kind, (int)AppValueKind.Boolean) || !reader.TryReadText(out var text, MaxTextBytes))
        {
            return false;
        }

        var read = new AppValue((AppValueKind)kind, text);
        value = read.IsValid ? read : null;
        return value is not null;
    }

    internal void Write(ref CborWriter writer)
    {
        if (!IsValid)
        {
            throw new InvalidOperationException($"'{Text}' is no value of a program.");
        }

        writer.WriteArrayHead(2);
        writer.WriteUInt64((ulong)Kind);
        writer.WriteText(Text, MaxTextBytes);
    }
}
