namespace Messaging.Twin;

/// <summary>What a value of a program is.</summary>
public enum AppValueKind
{
    /// <summary>A text of at most <see cref="AppValue.MaxTextBytes"/> bytes without control characters.</summary>
    Text,

    /// <summary>A number, in the one form that <see cref="AppValue.Of(double)"/> gives it.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,
}
