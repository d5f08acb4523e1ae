namespace Messaging.Relay;

/// <summary>The relay was configured in a way that it cannot run with; <see cref="Errors"/> lists every reason.</summary>
public sealed class RelayOptionsException : Exception
{
    /// <summary>Makes an exception without a reason.</summary>
    public RelayOptionsException()
        : this([])
    {
    }

    /// <summary>Makes an exception of one reason.</summary>
    public RelayOptionsException(string message)
        : this([message])
    {
    }

    /// <summary>Makes an exception of one reason with the exception that led to it.</summary>
    public RelayOptionsException(string message, Exception innerException)
        : base(message, innerException) => Errors = [message];

    /// <summary>Makes an exception of all that is wrong.</summary>
    public RelayOptionsException(IReadOnlyList<string> errors)
        : base("The relay's options are not valid: " + string.Join(' ', errors)) => Errors = errors;

    /// <summary>All that is wrong, a sentence each.</summary>
    public IReadOnlyList<string> Errors { get; }
}
