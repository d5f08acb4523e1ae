namespace Messaging.Agent.Packages;

internal enum PackageVerb
{
    /// <summary>Do it, or say what would be done.</summary>
    Run,

    /// <summary>Say what has become of one that was asked for before.</summary>
    Follow,

    /// <summary>Stop one, as long as dpkg has not begun.</summary>
    Cancel,
}
