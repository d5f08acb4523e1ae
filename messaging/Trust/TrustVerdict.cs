namespace Messaging.Trust;

/// <summary>What became of a bundle.</summary>
public enum TrustVerdict
{
    /// <summary>It is newer and proves itself.</summary>
    Applied,

    /// <summary>What is known already.</summary>
    Known,

    /// <summary>A root, roster or notice that was replaced.</summary>
    Older,

    /// <summary>It is no bundle, or of another fleet.</summary>
    Malformed,

    /// <summary>No root of it is the pinned one, or one after the known one in an unbroken row.</summary>
    UnknownRoot,

    /// <summary>A root that the root before it, or it itself, has not signed with enough keys.</summary>
    RootNotSigned,

    /// <summary>A roster that the root's owners have not signed with enough keys, or that is of another root.</summary>
    RosterNotSigned,

    /// <summary>A notice of somebody who is no server in the roster, or that this server has not signed.</summary>
    NoticeNotSigned,
}
