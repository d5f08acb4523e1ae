namespace Messaging.Updates;

/// <summary>An update was refused. What was trusted before stays trusted, and the next update may succeed.</summary>
/// <param name="failure">Why.</param>
/// <param name="file">Of which file, such as <c>snapshot</c>.</param>
/// <param name="message">What is wrong with it.</param>
public sealed class TufException(TufFailure failure, string file, string message) : Exception($"{file}: {message}")
{
    /// <summary>Why.</summary>
    public TufFailure Failure { get; } = failure;

    /// <summary>Of which file.</summary>
    public string File { get; } = file;
}
