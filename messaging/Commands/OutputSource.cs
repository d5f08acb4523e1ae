namespace Messaging.Commands;

/// <summary>Where a process wrote something.</summary>
public enum OutputSource
{
    /// <summary>Its standard output.</summary>
    Output = 0,

    /// <summary>Its standard error.</summary>
    Error = 1,
}
