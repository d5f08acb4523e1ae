namespace Messaging.Epochs;

/// <summary>Why an epoch's opening was refused.</summary>
public enum EpochError
{
    /// <summary>It was not.</summary>
    None = 0,

    /// <summary>It is not an EpochOpen frame in the profile's form.</summary>
    Malformed,

    /// <summary>Its suite is not one that this version knows.</summary>
    UnknownSuite,

    /// <summary>It names another sender than expected.</summary>
    WrongSender,

    /// <summary>Its signature is not the sender's.</summary>
    BadSignature,

    /// <summary>None of the given keys is among its recipients.</summary>
    NotARecipient,

    /// <summary>It has a recipient whose public key was not given, so that the audience cannot be checked.</summary>
    UnknownAudience,

    /// <summary>The secret does not open: it was sealed for another header or another audience.</summary>
    NotSealedForThis,
}
