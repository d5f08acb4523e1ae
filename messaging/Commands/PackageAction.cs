namespace Messaging.Commands;

/// <summary>What is to be done with packages.</summary>
public enum PackageAction
{
    /// <summary>Installs packages, or brings them to a version.</summary>
    Install,

    /// <summary>Removes packages; their configuration stays.</summary>
    Remove,

    /// <summary>Brings packages that are installed to their newest version; without names all of them.</summary>
    Upgrade,

    /// <summary>Reads anew what there is.</summary>
    Refresh,
}
